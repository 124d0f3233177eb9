import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { decision, decisionReason } from '../decide-approval/decide-approval.command';
import type { Decision } from '../transaction';

export const decideApprovalsBody = z
  .strictObject({ decision, reason: decisionReason.optional(), transactionIds: z.array(z.uuid()).min(1).max(1000) })
  .meta({ example: { decision: 'approved', transactionIds: ['0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11'] } });

export type DecisionResult =
  | { readonly id: string; readonly status: 'approved' | 'rejected' | 'unchanged' }
  | {
      readonly id: string;
      readonly status: 'refused';
      readonly problem: { readonly code: string; readonly detail: string };
    };

/** Decides on up to 1,000 transactions, expenses and revenues, in one unit of work; each is judged on its own. */
export class DecideApprovalsInBulk extends Command<Committed<{ results: DecisionResult[] }>> {
  constructor(
    readonly context: CommandContext,
    readonly transactionIds: readonly string[],
    readonly decision: Decision,
  ) {
    super();
  }
}
