import type { CommandContext, Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { decision, decisionReason } from '../decide-approval/decide-approval.command';
import type { Decision } from '../transaction';

export const decideApprovalsBody = z
  .strictObject({ decision, reason: decisionReason.optional(), transactionIds: z.array(z.uuid()).min(1).max(1000) })
  .meta({ example: { decision: 'approved', transactionIds: ['0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11'] } });

const decisionResult = z.union([
  z.object({ id: shapes.uuidId, status: z.enum(['approved', 'rejected', 'advanced', 'unchanged']) }),
  z.object({
    id: shapes.uuidId,
    status: z.literal('refused'),
    problem: z.object({ code: shapes.text('not-found'), detail: shapes.text('There is no transaction by this id.') }),
  }),
]);

/** What became of one transaction. */
export type DecisionResult = z.output<typeof decisionResult>;

/** What became of each transaction. */
export const decisionsAnswer = z.object({ results: z.array(decisionResult) });

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
