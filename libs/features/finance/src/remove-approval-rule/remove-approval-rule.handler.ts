import { ApprovalRuleRemoved } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FinanceRulesStore } from '../finance-rules.store';
import { RemoveApprovalRule } from './remove-approval-rule.command';

@CommandHandler(RemoveApprovalRule)
export class RemoveApprovalRuleHandler implements ICommandHandler<RemoveApprovalRule> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rules: FinanceRulesStore,
  ) {}

  execute({ context, id }: RemoveApprovalRule): Promise<Committed<null>> {
    return this.unitOfWork.run(context, async (unit) => {
      const { approvalRules } = await this.rules.loadToChange(unit);
      const rule = approvalRules.find(({ ruleId }) => ruleId === id);
      if (!rule) throw notFound('approval rule');
      this.rules.removeApprovalRule(unit, id);
      unit.record(ApprovalRuleRemoved(rule, { propertyId: rule.propertyId ?? undefined, entityId: id }));
      return null;
    });
  }
}
