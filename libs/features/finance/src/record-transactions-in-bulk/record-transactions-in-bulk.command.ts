import type { CommandContext, Committed } from '@innkeep/platform/database';
import { bulkItem, shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { TransactionKind } from '../transaction';
import { transactionAnswer } from '../transaction.answers';

export const bulkBody = z
  .strictObject({
    items: z.array(bulkItem).min(1).max(1000).describe('Transactions as for recording one; each is judged on its own'),
  })
  .meta({
    example: {
      items: [{ propertyId: 1000, amountCents: 9_800, description: 'Room 12', externalReference: 'stay-4711' }],
    },
  });

const index = z.int().min(0).describe('Which item, from 0').meta({ example: 0 });

const bulkResult = z.union([
  z.object({ index, status: z.enum(['recorded', 'known']), transaction: transactionAnswer }),
  z.object({
    index,
    status: z.literal('invalid'),
    code: shapes.text('invalid-request').describe('The name of a problem'),
    errors: z
      .array(
        z.object({ pointer: shapes.text('/amountCents'), detail: shapes.text('Too small: expected number to be >=1') }),
      )
      .readonly(),
  }),
]);

/** What became of one item. */
export type BulkResult = z.output<typeof bulkResult>;

/** What became of each item. */
export const bulkAnswer = z.object({ results: z.array(bulkResult) });

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
