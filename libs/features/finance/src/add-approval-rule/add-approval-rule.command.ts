import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { type ApprovalRuleInput, approvalRuleInput } from '../approval-chain';
import type { ApprovalRuleView } from '../finance-rules.answers';

export const addApprovalRuleBody = approvalRuleInput.meta({
  example: {
    kind: 'expense',
    currency: 'EUR',
    fromCents: 100_00,
    roles: ['manager', 'owner'],
    timeout: { hours: 48, action: 'escalate' },
  },
});

/** Lays down who approves transactions of a range of amounts. */
export class AddApprovalRule extends Command<Committed<ApprovalRuleView>> {
  constructor(
    readonly context: CommandContext,
    readonly input: ApprovalRuleInput,
  ) {
    super();
  }
}
