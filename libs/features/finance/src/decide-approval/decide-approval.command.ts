import { prose } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { Decision, TransactionKind } from '../transaction';
import type { TransactionView } from '../transaction.answers';

export const decision = z.enum(['approved', 'rejected']);
export const decisionReason = prose(500);
export const decideApprovalBody = z
  .strictObject({ decision, reason: decisionReason.optional() })
  .meta({ example: { decision: 'approved' } });

/** Approves or rejects a pending transaction. Saying the same again changes nothing. `ifVersion` refuses it if it is not what was seen. */
export class DecideApproval extends Command<Committed<TransactionView>> {
  constructor(
    readonly context: CommandContext,
    readonly kind: TransactionKind,
    readonly id: string,
    readonly decision: Decision,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
