import { PlanChanged } from '@innkeep/contracts';
import { type Committed, Directory, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuid } from 'uuid';
import { nobodyYet } from '../nobody-yet';
import { OrganizationStore } from '../organization.store';
import { PlanStore } from '../plan.store';
import { type OperatedPlan, SetPlan } from './set-plan.command';

@CommandHandler(SetPlan)
export class SetPlanHandler implements ICommandHandler<SetPlan> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: Directory,
    private readonly organizations: OrganizationStore,
    private readonly plans: PlanStore,
  ) {}

  async execute({ operatorId, requestId, organizationId, input }: SetPlan): Promise<Committed<OperatedPlan>> {
    const { plan, reason } = input;
    if (!(await this.directory.route(organizationId))) throw notFound('organization');
    return this.unitOfWork.run({ principal: nobodyYet(organizationId), requestId }, async (transaction) => {
      const previousPlan = await this.plans.load(transaction);
      if (!previousPlan) throw notFound('organization');
      if (previousPlan !== plan) {
        this.plans.save(transaction, plan);
        this.organizations.note(transaction, { operatorId, action: `plan: ${plan}`, reason }, uuid());
        transaction.record(PlanChanged({ plan, previousPlan }, { entityId: organizationId }));
      }
      return { id: organizationId, plan };
    });
  }
}
