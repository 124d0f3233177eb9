import { ApprovalRuleAdded, PropertyPort } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { assertAmounts, overlap } from '../approval-chain';
import { type ApprovalRuleView, approvalRuleView } from '../finance-rules.answers';
import { FinanceRulesStore } from '../finance-rules.store';
import { propertyFor } from '../finance.policies';
import { refuse } from '../finance.problems';
import { AddApprovalRule } from './add-approval-rule.command';

const MAX_RULES = 200;

@CommandHandler(AddApprovalRule)
export class AddApprovalRuleHandler implements ICommandHandler<AddApprovalRule> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly rules: FinanceRulesStore,
  ) {}

  execute({ context, input }: AddApprovalRule): Promise<Committed<ApprovalRuleView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const { propertyId } = input;
      const [properties, { approvalRules }] = await Promise.all([
        this.properties.find(unit, propertyId === null ? [] : [propertyId]),
        this.rules.loadToChange(unit),
      ]);
      if (propertyId !== null) propertyFor(context.principal, properties, propertyId);
      assertAmounts(input);
      const other = approvalRules.find((one) => overlap(one, input));
      if (other)
        throw refuse('approval-rules-overlap', `Remove ${other.ruleId} first, or give amounts that it is not for.`);
      if (approvalRules.length >= MAX_RULES)
        throw refuse('too-many-rules', `Remove one first: ${MAX_RULES} rules are the most.`);
      const rule = { ruleId: uuidv7(), ...input };
      this.rules.addApprovalRule(unit, rule);
      unit.record(ApprovalRuleAdded(rule, { propertyId: propertyId ?? undefined, entityId: rule.ruleId }));
      return approvalRuleView(rule);
    });
  }
}
