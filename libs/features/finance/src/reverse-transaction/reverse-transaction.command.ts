import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { decisionReason } from '../decide-approval/decide-approval.command';
import type { TransactionView } from '../transaction.answers';
import { type TransactionKind, occurredAt } from '../transaction.fields';

export const reverseTransactionBody = z
  .strictObject({ reason: decisionReason.optional(), occurredAt: occurredAt.optional() })
  .meta({ example: { reason: 'Entered twice' } });

/** Corrects an approved transaction by another one with the opposite amount. `ifVersion` refuses it if it is not what was seen. */
export class ReverseTransaction extends Command<Committed<TransactionView>> {
  constructor(
    readonly context: CommandContext,
    readonly kind: TransactionKind,
    readonly id: string,
    readonly input: z.output<typeof reverseTransactionBody>,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
