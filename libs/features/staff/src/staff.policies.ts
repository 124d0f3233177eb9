import { type MemberFacts, type Principal, type PropertyFacts, maySeeProperty } from '@innkeep/contracts';
import { forbidden, notFound } from '@innkeep/platform/http';
import { refuse } from './staff.problems';

/** The property that somebody works in, if the member may see it. */
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

interface Concerned {
  readonly userId: number;
  readonly propertyId: number;
}

/** Who works with the others: owners and managers. */
export const isLeading = ({ role }: Principal) => role === 'owner' || role === 'manager';

/** People see what is their own, managers what is of their properties; anything else is as absent as what does not exist. */
export function assertMaySee<Row extends Concerned>(
  principal: Principal,
  row: Row | undefined,
  what: string,
): asserts row is Row {
  const isOwn = row?.userId === principal.userId;
  if (!row || !(isOwn || (principal.role !== 'staff' && maySeeProperty(principal, row.propertyId))))
    throw notFound(what);
}

/** People ask for themselves; managers also for others. */
export function assertMayAskFor(principal: Principal, userId: number): void {
  if (principal.userId !== userId && !isLeading(principal))
    throw forbidden('Only a manager or an owner may ask for somebody else.');
}

/** Four eyes: nobody but an owner decides on what is about him, or what he has asked for himself. */
export function assertMayDecide(
  { role, userId }: Principal,
  request: { readonly userId: number; readonly requestedBy: number },
): void {
  if (role !== 'owner' && (request.userId === userId || request.requestedBy === userId))
    throw forbidden('It is about you, or you asked for it: another manager or an owner has to decide.');
}

/** The member by this id, if the principal works with that one: somebody of the same organization with a property in common. */
export function memberFor(
  principal: Principal,
  members: ReadonlyMap<number, MemberFacts>,
  userId: number,
): MemberFacts {
  const member = members.get(userId);
  const shared =
    member &&
    (member.properties === 'all' ||
      principal.properties === 'all' ||
      member.properties.some((id) => maySeeProperty(principal, id)));
  if (!shared)
    throw refuse('member-unknown', 'Use the id of a member who works in one of your properties.', [
      { pointer: '/userId', detail: 'is no member you can see' },
    ]);
  return member;
}

/** Nobody but an owner grants leave to himself. */
export function assertMayGrant({ role, userId }: Principal, to: number): void {
  if (role !== 'owner' && userId === to) throw forbidden('Another manager or an owner has to grant it to you.');
}

/** Whether it is still what the member has seen, if the member says which version that was. */
export function assertVersion(version: number, ifVersion: number | undefined): void {
  if (ifVersion !== undefined && ifVersion !== version)
    throw refuse('precondition-failed', 'Read it again and repeat the change on what you see.');
}
