import { z } from 'zod';
import { defineEvent } from './define-event';

/** What of an amount is tax. An inclusive tax is in the amount, which is then the gross; an exclusive one comes on top of it. */
export const taxShare = z.object({
  taxId: z.string(),
  rateBasisPoints: z.number().int(),
  isInclusive: z.boolean(),
  netCents: z.number().int(),
  taxCents: z.number().int(),
  grossCents: z.number().int(),
});
export type TaxShare = z.infer<typeof taxShare>;

/** How long a step of approval may wait, and what becomes of it then. */
export const approvalTimeout = z.object({ hours: z.number().int(), action: z.enum(['escalate', 'reject']) });

/** Who has to approve a transaction, one after the other, and how far that is. Without one, a single manager or owner approves. */
export const approvalChain = z.object({
  ruleId: z.string(),
  roles: z.array(z.enum(['manager', 'owner'])),
  /** The step that is waited for, from 0; as many as there are roles once all were taken. */
  step: z.number().int(),
  approvedBy: z.array(z.number()),
  forbidsOwn: z.boolean(),
  timeout: approvalTimeout.nullable(),
  /** When the step that is waited for times out. */
  dueAt: z.string().nullable(),
});
export type ApprovalChain = z.infer<typeof approvalChain>;

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
  /** Absent in events from before there were taxes, and null without one. */
  tax: taxShare.nullable().optional(),
  /** Absent in events from before there were chains, and null without one. */
  approval: approvalChain.nullable().optional(),
});
export type TransactionSnapshot = z.infer<typeof transactionSnapshot>;

export const TransactionRecorded = defineEvent('TransactionRecorded', 1, transactionSnapshot);
export const TransactionChanged = defineEvent('TransactionChanged', 1, transactionSnapshot);
export const TransactionDeleted = defineEvent('TransactionDeleted', 1, transactionSnapshot);
export const TransactionApproved = defineEvent('TransactionApproved', 1, transactionSnapshot);
/** One step of its chain of approval was taken, or timed out and passed on; it still waits for another. */
export const TransactionApprovalAdvanced = defineEvent(
  'TransactionApprovalAdvanced',
  1,
  transactionSnapshot.extend({ because: z.enum(['approved', 'timeout']) }),
);
export const TransactionRejected = defineEvent(
  'TransactionRejected',
  1,
  transactionSnapshot.extend({ reason: z.string().nullable() }),
);
/** A file was recorded whole: each of its rows that was not known is an event of its own after this one. */
export const TransactionsImported = defineEvent(
  'TransactionsImported',
  1,
  z.object({
    importId: z.string(),
    kind: z.enum(['expense', 'revenue']),
    propertyId: z.number(),
    rowCount: z.number().int(),
    recordedCount: z.number().int(),
    knownCount: z.number().int(),
    sha256: z.string(),
  }),
);
/** A correction: a transaction of its own with the opposite amount, approved from the start. */
export const TransactionReversed = defineEvent(
  'TransactionReversed',
  1,
  transactionSnapshot.extend({ reason: z.string().nullable() }),
);
