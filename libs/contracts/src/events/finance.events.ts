import { z } from 'zod';
import { defineEvent } from './define-event';

/** A transaction as it stands after the event. Amounts are minor units of the currency; a reversal's are negative. */
export const transactionSnapshot = z.object({
  transactionId: z.string(),
  kind: z.enum(['expense', 'revenue']),
  propertyId: z.number(),
  amountCents: z.number().int(),
  currency: z.string(),
  description: z.string(),
  category: z.string().nullable(),
  paymentMode: z.string().nullable(),
  occurredAt: z.string(),
  businessDay: z.string(),
  status: z.enum(['pending', 'approved', 'rejected']),
  externalReference: z.string().nullable(),
  reversalOf: z.string().nullable(),
});
export type TransactionSnapshot = z.infer<typeof transactionSnapshot>;

export const TransactionRecorded = defineEvent('TransactionRecorded', 1, transactionSnapshot);
export const TransactionChanged = defineEvent('TransactionChanged', 1, transactionSnapshot);
export const TransactionDeleted = defineEvent('TransactionDeleted', 1, transactionSnapshot);
export const TransactionApproved = defineEvent('TransactionApproved', 1, transactionSnapshot);
export const TransactionRejected = defineEvent(
  'TransactionRejected',
  1,
  transactionSnapshot.extend({ reason: z.string().nullable() }),
);
/** A correction: a transaction of its own with the opposite amount, approved from the start. */
export const TransactionReversed = defineEvent(
  'TransactionReversed',
  1,
  transactionSnapshot.extend({ reason: z.string().nullable() }),
);
