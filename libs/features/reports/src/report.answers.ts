import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';

/** What came in and went out, and in how many transactions. */
export const sums = {
  receivedCents: shapes.cents,
  expensesCents: shapes.cents,
  netCents: shapes.cents,
  transactionCount: shapes.count,
};

/** The same as the reports of a day and a month call it. */
export const totals = {
  totalReceivedCents: shapes.cents,
  totalExpensesCents: shapes.cents,
  netCents: shapes.cents,
  transactionCount: shapes.count,
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
