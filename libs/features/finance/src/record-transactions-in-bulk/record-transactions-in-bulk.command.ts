import type { FieldError } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { TransactionKind, TransactionView } from '../transaction';

export const bulkBody = z
  .strictObject({
    items: z
      .array(z.unknown())
      .min(1)
      .max(1000)
      .describe('Transactions as for recording one; each is judged on its own'),
  })
  .meta({
    example: {
      items: [{ propertyId: 1000, amountCents: 9_800, description: 'Room 12', externalReference: 'stay-4711' }],
    },
  });

/** What became of one item. */
export type BulkResult =
  | { readonly index: number; readonly status: 'recorded' | 'known'; readonly transaction: TransactionView }
  | {
      readonly index: number;
      readonly status: 'invalid';
      readonly code: string;
      readonly errors: readonly FieldError[];
    };

/** Records up to 1,000 transactions in one unit of work: valid ones are recorded, known references returned, invalid ones reported. */
export class RecordTransactionsInBulk extends Command<Committed<{ results: BulkResult[] }>> {
  constructor(
    readonly context: CommandContext,
    readonly kind: TransactionKind,
    readonly items: readonly unknown[],
  ) {
    super();
  }
}
