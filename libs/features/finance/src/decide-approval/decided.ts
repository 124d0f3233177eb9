import type { Principal } from '@innkeep/contracts';
import { assertMayDecide, assertMaySee } from '../finance.policies';
import { type Decision, type Transaction, decide } from '../transaction';

/**
 * A transaction after somebody's decision on it; undefined if that changes nothing. Whoever has taken a step of its chain takes no
 * second one: asking again, not knowing whether the first time arrived, must not approve in another's place.
 */
export function decidedBy(
  principal: Principal,
  transaction: Transaction | undefined,
  decision: Decision,
  now: Date,
): Transaction | undefined {
  assertMaySee(principal, transaction);
  const { status, approval } = transaction;
  if (decision.decision === 'approved' && status === 'pending' && approval?.approvedBy.includes(principal.userId))
    return undefined;
  assertMayDecide(principal, transaction);
  return decide(transaction, decision, principal, now);
}
