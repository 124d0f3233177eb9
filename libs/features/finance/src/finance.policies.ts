import { type ApprovalChain, type Principal, type PropertyFacts, maySeeProperty } from '@innkeep/contracts';
import { forbidden, notFound } from '@innkeep/platform/http';
import { awaitedRole } from './approval-chain';
import { refuse } from './finance.problems';
import type { Transaction } from './transaction';

/** Members see the transactions of their properties; another's is as absent as one that does not exist. */
export function assertMaySee(
  principal: Principal,
  transaction: Transaction | undefined,
): asserts transaction is Transaction {
  if (!transaction || !maySeeProperty(principal, transaction.propertyId)) throw notFound('transaction');
}

/** The property that a transaction is to be recorded in, if the member may. */
export function propertyFor(
  principal: Principal,
  properties: ReadonlyMap<number, PropertyFacts>,
  propertyId: number,
): PropertyFacts {
  const property = maySeeProperty(principal, propertyId) ? properties.get(propertyId) : undefined;
  if (!property)
    throw refuse('property-unknown', 'Use the id of a property that GET /v1/properties lists.', [
      { pointer: '/propertyId', detail: 'is not a property you can see' },
    ]);
  return property;
}

/** Whoever recorded a transaction may still change it; owners and managers may change anybody's. */
export function assertMayChange(principal: Principal, transaction: Transaction): void {
  if (principal.role === 'staff' && transaction.recordedBy !== principal.userId)
    throw forbidden('Only who recorded it, a manager or an owner may change it.');
}

/** Whether the transaction is still the one that the member has seen, if the member says which that was. */
export function assertVersion({ version }: { readonly version: number }, ifVersion: number | undefined): void {
  if (ifVersion !== undefined && ifVersion !== version)
    throw refuse('precondition-failed', 'Read it again and repeat the change on what you see.');
}

const isOwn = (principal: Principal, { recordedBy }: Transaction) => recordedBy === principal.userId;

/** Four eyes: nobody but an owner approves what he has recorded himself; where a rule says so, not even an owner. */
function assertNotOwn(principal: Principal, transaction: Transaction, chain: ApprovalChain | null): void {
  if (!isOwn(principal, transaction)) return;
  if (chain?.forbidsOwn) throw forbidden('You recorded it yourself: somebody else has to decide.');
  if (principal.role !== 'owner')
    throw forbidden('You recorded it yourself: another manager or an owner has to decide.');
}

/** Whether it is the caller's turn to decide. Owners stand above managers. */
export function assertMayDecide(principal: Principal, transaction: Transaction): void {
  assertNotOwn(principal, transaction, transaction.approval);
  const isTurn = principal.role === 'owner' || awaitedRole(transaction.approval) === 'manager';
  if (!isTurn && transaction.status === 'pending') throw forbidden('It waits for an owner to decide.');
}

/** Rules for all properties are laid down by those who see all of them. */
export function assertMayRule(principal: Principal, propertyId: number | null): void {
  if (propertyId === null && principal.properties !== 'all')
    throw forbidden('Name one of your properties: only who sees all of them rules for all.');
  if (propertyId !== null && !maySeeProperty(principal, propertyId)) throw notFound('property');
}
