import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { type TransactionInput, type TransactionKind, transactionInput } from '../transaction';
import type { TransactionView } from '../transaction.answers';

export const recordTransactionBody = transactionInput.meta({
  example: {
    propertyId: 1000,
    amountCents: 12_50,
    description: 'Fresh towels',
    category: 'housekeeping',
    paymentMode: 'cash',
  },
});

/** Records an expense or a revenue, to be approved. */
export class RecordTransaction extends Command<Committed<TransactionView>> {
  constructor(
    readonly context: CommandContext,
    readonly kind: TransactionKind,
    readonly input: TransactionInput,
  ) {
    super();
  }
}
