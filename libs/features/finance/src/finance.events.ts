import {
  type NewEvent,
  TransactionApprovalAdvanced,
  TransactionApproved,
  TransactionRejected,
} from '@innkeep/contracts';
import { type Transaction, snapshotOf } from './transaction';

/** The event of a decision that was just made, or of a step towards one. */
export function decisionEvent(decided: Transaction): NewEvent {
  const about = { propertyId: decided.propertyId, entityId: decided.transactionId };
  const snapshot = snapshotOf(decided);
  if (decided.status === 'pending') return TransactionApprovalAdvanced({ ...snapshot, because: 'approved' }, about);
  return decided.status === 'approved'
    ? TransactionApproved(snapshot, about)
    : TransactionRejected({ ...snapshot, reason: decided.decisionReason }, about);
}
