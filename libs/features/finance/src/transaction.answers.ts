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

/** What of the amount is tax, as it was when it was recorded. */
export const taxAnswer = z
  .object({
    taxId: shapes.uuidId,
    rateBasisPoints: z.int().meta({ example: 2300 }),
    isInclusive: z.boolean().meta({ example: true }),
    netCents: shapes.cents.meta({ example: 10_16 }),
    taxCents: shapes.cents.meta({ example: 2_34 }),
    grossCents: shapes.cents.meta({ example: 12_50 }),
  })
  .meta({ id: 'TaxShare' });

/** How long a step of approval may wait, and what becomes of it then. */
export const timeoutAnswer = z.object({
  hours: z.int().min(1).meta({ example: 48 }),
  action: z.enum(['escalate', 'reject']).meta({ example: 'escalate' }),
});

/** Who has to approve it, and how far that is. */
export const chainAnswer = z
  .object({
    ruleId: shapes.uuidId,
    roles: z.array(z.enum(['manager', 'owner'])).meta({ example: ['manager', 'owner'] }),
    step: z.int().min(0).describe('Which of them is waited for, from 0').meta({ example: 0 }),
    approvedBy: z.array(shapes.numericId).meta({ example: [] }),
    forbidsOwn: z.boolean().meta({ example: true }),
    timeout: timeoutAnswer.nullable(),
    dueAt: shapes.instant.nullable(),
  })
  .meta({ id: 'ApprovalChain' });

/** What was computed by the organization's rules. */
export const computed = {
  tax: taxAnswer.nullable().describe('Null without a tax'),
  approval: chainAnswer.nullable().describe('Null where one manager or owner approves'),
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
  ...computed,
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
