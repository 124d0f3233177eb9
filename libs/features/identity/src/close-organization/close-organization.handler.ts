import { OrganizationStatusChanged } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertMayCloseOrganization } from '../identity.policies';
import { OrganizationStore } from '../organization.store';
import { PasswordCheck } from '../password-check.store';
import { CloseOrganization } from './close-organization.command';

@CommandHandler(CloseOrganization)
export class CloseOrganizationHandler implements ICommandHandler<CloseOrganization> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly check: PasswordCheck,
    private readonly organizations: OrganizationStore,
  ) {}

  async execute({ caller, input }: CloseOrganization): Promise<Committed<void>> {
    const { principal, requestId } = caller;
    assertMayCloseOrganization(principal);
    await this.check.verify(caller, input.password);
    return this.unitOfWork.run({ principal, requestId }, async (transaction) => {
      const before = await this.organizations.loadStatus(transaction);
      if (before === 'closed' || before === 'deleted') return;
      this.organizations.saveStatus(transaction, 'closed');
      this.organizations.shutOut(transaction);
      const { organizationId } = principal;
      transaction.record(OrganizationStatusChanged({ status: 'closed', by: 'owner' }, { entityId: organizationId }));
    });
  }
}
