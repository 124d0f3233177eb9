import { type NewEvent, TransactionApproved, TransactionRejected } from '@innkeep/contracts';
import { type Transaction, snapshotOf } from './transaction';

/** The event of a decision that was just made. */
export function decisionEvent(decided: Transaction): NewEvent {
  const about = { propertyId: decided.propertyId, entityId: decided.transactionId };
  const snapshot = snapshotOf(decided);
  return decided.status === 'approved'
    ? TransactionApproved(snapshot, about)
    : TransactionRejected({ ...snapshot, reason: decided.decisionReason }, about);
}
