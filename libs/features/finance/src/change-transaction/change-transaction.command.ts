import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { type TransactionChanges, type TransactionKind, transactionChanges } from '../transaction';
import type { TransactionView } from '../transaction.answers';

export const changeTransactionBody = transactionChanges.meta({ minProperties: 1, example: { amountCents: 13_00 } });

/** Changes a pending transaction. */
export class ChangeTransaction extends Command<Committed<TransactionView>> {
  constructor(
    readonly context: CommandContext,
    readonly kind: TransactionKind,
    readonly id: string,
    readonly changes: TransactionChanges,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
