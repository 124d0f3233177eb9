import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';

/** What came in and went out, and in how many transactions. */
export const sums = {
  receivedCents: shapes.cents.meta({ example: 98_00 }),
  expensesCents: shapes.cents,
  netCents: shapes.cents.meta({ example: 85_50 }),
  transactionCount: shapes.count.meta({ example: 2 }),
};

/** The same as the reports of a day and a month call it. */
export const totals = {
  totalReceivedCents: shapes.cents.meta({ example: 98_00 }),
  totalExpensesCents: shapes.cents,
  netCents: shapes.cents.meta({ example: 85_50 }),
  transactionCount: shapes.count.meta({ example: 2 }),
};

/** An approved transaction as reports show it. */
export const dayTransaction = z
  .object({
    id: shapes.uuidId,
    kind: z.enum(['expense', 'revenue']),
    amountCents: shapes.cents,
    currency: shapes.currency,
    description: shapes.text('Fresh towels'),
    category: shapes.text('housekeeping').nullable(),
    paymentMode: shapes.text('cash').nullable(),
    occurredAt: shapes.instant,
    reversalOf: shapes.uuidId.nullable().meta({ example: null }),
  })
  .meta({ id: 'DayTransaction' });
