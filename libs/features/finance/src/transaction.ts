import {
  type ApprovalChain,
  type Principal,
  type PropertyFacts,
  type TaxShare,
  type TransactionSnapshot,
  businessDay,
  label,
} from '@innkeep/contracts';
import { z } from 'zod';
import { approvedBy, escalated, isComplete } from './approval-chain';
import { refuse } from './finance.problems';
import { oppositeTax } from './tax';
import type { TransactionView } from './transaction.answers';
import {
  type TransactionKind,
  amountCents,
  category,
  description,
  occurredAt,
  paymentMode,
} from './transaction.fields';

export type { TransactionKind } from './transaction.fields';

/** A transaction of the write model: what its events have made of it. */
export interface Transaction extends TransactionSnapshot {
  readonly tax: TaxShare | null;
  readonly approval: ApprovalChain | null;
  readonly recordedBy: number;
  readonly decidedBy: number | null;
  readonly decidedAt: string | null;
  readonly decisionReason: string | null;
  readonly reversedBy: string | null;
}

const HOURS_AHEAD = 24;

/** What a client gives to record a transaction. */
export const transactionInput = z.strictObject({
  propertyId: z.int().min(1),
  amountCents,
  description,
  category: category.optional(),
  paymentMode: paymentMode.optional(),
  occurredAt: occurredAt.optional(),
  externalReference: label(200)
    .optional()
    .describe('Your own id of it, unique in the property: recording it twice is refused'),
});
export type TransactionInput = z.output<typeof transactionInput>;

/** What may still be changed while a transaction is pending. */
export const transactionChanges = z
  .strictObject({
    amountCents,
    description,
    category: category.nullable(),
    paymentMode: paymentMode.nullable(),
    occurredAt,
  })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, 'names nothing to change');
export type TransactionChanges = z.output<typeof transactionChanges>;

export interface Decision {
  readonly decision: 'approved' | 'rejected';
  readonly reason?: string;
}

function instantWithin(text: string | undefined, now: Date): Date {
  const instant = text === undefined ? now : new Date(text);
  if (instant.getTime() > now.getTime() + HOURS_AHEAD * 3_600_000 || instant.getUTCFullYear() < 2000) {
    throw refuse('occurred-at-out-of-range', `Give a time from the year 2000 to ${HOURS_AHEAD} hours from now.`, [
      { pointer: '/occurredAt', detail: 'is out of range' },
    ]);
  }
  return instant;
}

/** A new transaction, pending until somebody approves it. */
export function recordTransaction(
  id: string,
  kind: TransactionKind,
  input: TransactionInput,
  property: PropertyFacts,
  by: Principal,
  now: Date,
): Transaction {
  const instant = instantWithin(input.occurredAt, now);
  return {
    transactionId: id,
    kind,
    propertyId: input.propertyId,
    amountCents: input.amountCents,
    currency: property.currency,
    description: input.description,
    category: input.category ?? null,
    paymentMode: input.paymentMode ?? null,
    occurredAt: instant.toISOString(),
    businessDay: businessDay(instant, property.timeZone, property.businessDayStartsAt),
    status: 'pending',
    externalReference: input.externalReference ?? null,
    reversalOf: null,
    tax: null,
    approval: null,
    recordedBy: by.userId,
    decidedBy: null,
    decidedAt: null,
    decisionReason: null,
    reversedBy: null,
  };
}

const assertPending = (transaction: Transaction): void => {
  if (transaction.status !== 'pending')
    throw refuse('transaction-not-pending', `It is ${transaction.status}. An approved one is corrected by a reversal.`);
};

/** The transaction with other particulars; only while it is pending. */
export function changeTransaction(
  transaction: Transaction,
  changes: TransactionChanges,
  property: PropertyFacts,
  now: Date,
): Transaction {
  assertPending(transaction);
  const { occurredAt: when, ...particulars } = changes;
  const changed = { ...transaction, ...particulars };
  if (when === undefined) return changed;
  const instant = instantWithin(when, now);
  return {
    ...changed,
    occurredAt: instant.toISOString(),
    businessDay: businessDay(instant, property.timeZone, property.businessDayStartsAt),
  };
}

/** Whether the transaction may be deleted: only while nobody has decided on it. */
export function deleteTransaction(transaction: Transaction): void {
  assertPending(transaction);
}

/**
 * The transaction as decided, or a step nearer to it; undefined if it was decided so before.
 */
export function decide(
  transaction: Transaction,
  { decision, reason }: Decision,
  by: Principal,
  now: Date,
): Transaction | undefined {
  if (transaction.status === decision) return undefined;
  if (transaction.status !== 'pending')
    throw refuse(
      'transaction-already-decided',
      `It is ${transaction.status}; that is not taken back. An approved one is corrected by a reversal.`,
    );
  const approval = decision === 'approved' ? advanced(transaction, by, now) : transaction.approval;
  if (approval && decision === 'approved' && !isComplete(approval)) return { ...transaction, approval };
  return {
    ...transaction,
    approval: approval && { ...approval, dueAt: null },
    status: decision,
    decidedBy: by.userId,
    decidedAt: now.toISOString(),
    decisionReason: reason ?? null,
  };
}

const advanced = ({ approval }: Transaction, { role, userId }: Principal, now: Date): ApprovalChain | null =>
  approval && approvedBy(approval, role === 'owner' ? 'owner' : 'manager', userId, now);

/** A pending transaction after its step of approval was waited for too long; undefined if it is not due, or not pending any more. */
export function expireApproval(transaction: Transaction, now: Date): Transaction | undefined {
  const { approval, status } = transaction;
  if (status !== 'pending' || !approval?.dueAt || Date.parse(approval.dueAt) > now.getTime()) return undefined;
  if (approval.timeout?.action === 'escalate') return { ...transaction, approval: escalated(approval, now) };
  return {
    ...transaction,
    approval: { ...approval, dueAt: null },
    status: 'rejected',
    decidedAt: now.toISOString(),
    decisionReason: 'Nobody decided in time',
  };
}

/**
 * The correction of an approved transaction: another one with the opposite amount, approved from the start, on the day it is made
 * (or the one given), so that days that are over stay as they were reported.
 */
export function reverseTransaction(
  original: Transaction,
  id: string,
  input: { reason?: string; occurredAt?: string },
  property: PropertyFacts,
  by: Principal,
  now: Date,
): Transaction {
  if (original.status !== 'approved' || original.reversalOf)
    throw refuse(
      'transaction-not-approved',
      original.reversalOf ? 'It is a reversal itself.' : `It is ${original.status}.`,
    );
  if (original.reversedBy) throw refuse('transaction-already-reversed', `Its reversal is ${original.reversedBy}.`);
  const instant = instantWithin(input.occurredAt, now);
  return {
    ...original,
    transactionId: id,
    amountCents: -original.amountCents,
    occurredAt: instant.toISOString(),
    businessDay: businessDay(instant, property.timeZone, property.businessDayStartsAt),
    externalReference: null,
    tax: original.tax && oppositeTax(original.tax),
    approval: null,
    reversalOf: original.transactionId,
    recordedBy: by.userId,
    decidedBy: by.userId,
    decidedAt: now.toISOString(),
    decisionReason: input.reason ?? null,
  };
}

/** What events carry of a transaction: all but who did what, which the log knows itself. */
export function snapshotOf({
  recordedBy: _r,
  decidedBy: _b,
  decidedAt: _a,
  decisionReason: _d,
  reversedBy: _v,
  ...snapshot
}: Transaction): TransactionSnapshot {
  return snapshot;
}

/** A transaction as clients see it. */
export const transactionView = ({ transactionId, ...rest }: Transaction): TransactionView => ({
  id: transactionId,
  ...rest,
});
