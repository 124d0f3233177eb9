import { OrganizationStatusChanged } from '@innkeep/contracts';
import { type Committed, Directory, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuid } from 'uuid';
import { nobodyYet } from '../nobody-yet';
import { OrganizationStore } from '../organization.store';
import { type OperatedOrganization, SetOrganizationStatus } from './set-organization-status.command';

@CommandHandler(SetOrganizationStatus)
export class SetOrganizationStatusHandler implements ICommandHandler<SetOrganizationStatus> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: Directory,
    private readonly organizations: OrganizationStore,
  ) {}

  async execute(command: SetOrganizationStatus): Promise<Committed<OperatedOrganization>> {
    const { operatorId, requestId, organizationId, input } = command;
    const { status, reason } = input;
    if (!(await this.directory.route(organizationId))) throw notFound('organization');
    const id = uuid();
    return this.unitOfWork.run({ principal: nobodyYet(organizationId), requestId }, async (transaction) => {
      const before = await this.organizations.loadStatus(transaction);
      if (!before || before === 'deleted') throw notFound('organization');
      if (before !== status) {
        this.organizations.saveStatus(transaction, status);
        if (status !== 'active') this.organizations.shutOut(transaction);
        this.organizations.note(transaction, { operatorId, action: `status: ${status}`, reason }, id);
        transaction.record(OrganizationStatusChanged({ status, by: 'operator' }, { entityId: organizationId }));
      }
      return { id: organizationId, status };
    });
  }
}
