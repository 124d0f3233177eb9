import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';

/** What a transaction has wherever it is shown. */
export const particulars = {
  id: shapes.uuidId,
  kind: z.enum(['expense', 'revenue']),
  propertyId: shapes.numericId,
  amountCents: shapes.cents,
  currency: shapes.currency,
  description: shapes.text('Fresh towels'),
  category: shapes.text('housekeeping').nullable(),
  paymentMode: shapes.text('cash').nullable(),
  occurredAt: shapes.instant,
  businessDay: shapes.day,
};

const decided = {
  status: z.enum(['pending', 'approved', 'rejected']),
  externalReference: shapes.text('stay-4711').nullable(),
  reversalOf: shapes.uuidId.nullable().meta({ example: null }),
  recordedBy: shapes.numericId,
  decidedBy: shapes.numericId.nullable().meta({ example: null }),
  decidedAt: shapes.instant.nullable().meta({ example: null }),
  decisionReason: shapes.text('Entered twice').nullable().meta({ example: null }),
  reversedBy: shapes.uuidId.nullable().meta({ example: null }),
};

/** A transaction as clients see it. */
export const transactionAnswer = z.object({ ...particulars, ...decided }).meta({ id: 'Transaction' });
export type TransactionView = Readonly<z.output<typeof transactionAnswer>>;

/** What a transaction has in lists besides: they show several properties, and their entries have no ETag. */
export const listed = {
  propertyName: shapes.text('Casa do Rio').nullable(),
  version: z.int().min(1).meta({ example: 42 }),
};

/** A transaction in the list of all. */
export const listedTransaction = z.object({ ...particulars, ...decided, ...listed }).meta({ id: 'ListedTransaction' });
