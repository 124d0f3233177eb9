import { ApiKeyRevoked } from '@innkeep/contracts';
import { type Committed, Directory, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiKeyStore } from '../api-key.store';
import { assertMayManageKeys } from '../identity.policies';
import { RevokeApiKey } from './revoke-api-key.command';

@CommandHandler(RevokeApiKey)
export class RevokeApiKeyHandler implements ICommandHandler<RevokeApiKey> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: Directory,
    private readonly keys: ApiKeyStore,
  ) {}

  async execute({ context, apiKeyId }: RevokeApiKey): Promise<Committed<void>> {
    assertMayManageKeys(context.principal);
    let hash: Buffer | undefined;
    const committed = await this.unitOfWork.run(context, async (transaction) => {
      const found = await this.keys.load(transaction, apiKeyId);
      if (!found) throw notFound('API key');
      this.keys.revoke(transaction, apiKeyId, found.actorId);
      transaction.record(ApiKeyRevoked({ apiKeyId, actorId: found.actorId }, { entityId: apiKeyId }));
      hash = found.hash;
    });
    // Only tidies up: what the directory still finds, the organization does not know any more.
    if (hash) await this.directory.removeApiKey(hash);
    return committed;
  }
}
