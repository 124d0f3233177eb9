import { ApiKeyCreated, PropertyPort } from '@innkeep/contracts';
import { type Committed, Directory, UnitOfWork } from '@innkeep/platform/database';
import { invalidRequest, newApiKey } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuid } from 'uuid';
import { ApiKeyStore } from '../api-key.store';
import { checkKnownProperties } from '../assigned-properties';
import { assertMayManageKeys } from '../identity.policies';
import { CreateApiKey, type IssuedApiKey } from './create-api-key.command';

@CommandHandler(CreateApiKey)
export class CreateApiKeyHandler implements ICommandHandler<CreateApiKey> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: Directory,
    private readonly keys: ApiKeyStore,
    private readonly properties: PropertyPort,
  ) {}

  async execute({ context, input, areas }: CreateApiKey): Promise<Committed<IssuedApiKey>> {
    const { principal, requestId } = context;
    assertMayManageKeys(principal);
    checkAreas(input.scopes, areas);
    const issued = newApiKey();
    const apiKey = { id: uuid(), actorId: await this.directory.nextId('user'), ...input };
    await this.directory.addApiKey(issued.hash, principal.organizationId);
    // Without the idempotency key: its record would keep the key in the clear.
    return this.unitOfWork.run({ principal, requestId }, async (transaction) => {
      await checkKnownProperties(this.properties, transaction, input.propertyIds);
      this.keys.add(transaction, apiKey, issued, principal.userId);
      const { id, actorId, role, scopes, propertyIds } = apiKey;
      transaction.record(
        ApiKeyCreated(
          { apiKeyId: id, actorId, role, scopes, propertyIds: propertyIds && [...propertyIds] },
          { entityId: id },
        ),
      );
      return { ...apiKey, expiresAt: apiKey.expiresAt?.toISOString() ?? null, key: issued.key };
    });
  }
}

function checkAreas(scopes: readonly string[], areas: ReadonlySet<string>): void {
  const errors = scopes.flatMap((scope, index) =>
    areas.has(scope.split(':')[0]!)
      ? []
      : [{ pointer: `/scopes/${index}`, detail: `is for none of the areas ${[...areas].sort().join(', ')}` }],
  );
  if (errors.length > 0) throw invalidRequest(errors);
}
