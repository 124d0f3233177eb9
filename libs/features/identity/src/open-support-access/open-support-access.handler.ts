import { ApiKeyCreated, DomainError } from '@innkeep/contracts';
import { type Committed, Directory, UnitOfWork } from '@innkeep/platform/database';
import { newApiKey, notFound } from '@innkeep/platform/http';
import { askMail } from '@innkeep/platform/mail';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuid } from 'uuid';
import { ApiKeyStore } from '../api-key.store';
import { identityProblems } from '../identity.problems';
import { nobodyYet } from '../nobody-yet';
import { OrganizationStore } from '../organization.store';
import { OpenSupportAccess, type SupportAccess } from './open-support-access.command';

/**
 * Support access is an API key that reads, for less than an hour: owners find it in their list, see when it was last used, and may revoke
 * it. What it reads is limited and logged as with every key.
 */
@CommandHandler(OpenSupportAccess)
export class OpenSupportAccessHandler implements ICommandHandler<OpenSupportAccess> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: Directory,
    private readonly organizations: OrganizationStore,
    private readonly keys: ApiKeyStore,
  ) {}

  async execute(command: OpenSupportAccess): Promise<Committed<SupportAccess>> {
    const { operatorId, requestId, organizationId, input, areas } = command;
    if (!(await this.directory.route(organizationId))) throw notFound('organization');
    const issued = newApiKey();
    const id = uuid();
    const scopes = [...areas].sort().map((area) => `${area}:read`);
    const expiresAt = new Date(Date.now() + input.minutes * 60_000);
    const actorId = await this.directory.nextId('user');
    await this.directory.addApiKey(issued.hash, organizationId);
    return this.unitOfWork.run({ principal: nobodyYet(organizationId), requestId }, async (transaction) => {
      const status = await this.organizations.loadStatus(transaction);
      if (!status) throw notFound('organization');
      if (status !== 'active')
        throw new DomainError(identityProblems['organization-not-active'], 'Nobody gets in, and no key does either.');
      const role = 'auditor' as const;
      const key = { id, actorId, name: 'Support', role, scopes, propertyIds: null, expiresAt };
      this.keys.add(transaction, key, issued, null);
      const { reason, minutes } = input;
      const action = `support access: ${minutes} minutes`;
      this.organizations.note(transaction, { operatorId, action, reason }, id);
      for (const owner of await this.organizations.owners(transaction))
        transaction.write(askMail(transaction, 'support-access', String(owner)));
      transaction.record(ApiKeyCreated({ apiKeyId: id, actorId, role, scopes, propertyIds: null }, { entityId: id }));
      return { id, key: issued.key, scopes, expiresAt: expiresAt.toISOString() };
    });
  }
}
