import { DomainError, type Principal, maySeeProperty } from '@innkeep/contracts';
import { forbidden, httpProblems, notFound } from '@innkeep/platform/http';

/** Members with all properties create and change them; a manager of some may change those. */
export function assertMayCreate(principal: Principal): void {
  if (principal.properties !== 'all') throw forbidden('Only members who look after all properties may add one.');
}

export function assertMaySee(principal: Principal, propertyId: number): void {
  if (!maySeeProperty(principal, propertyId)) throw notFound('property');
}

/** Refuses a change of another version than the one that was read. */
export function assertVersion(version: number, ifVersion: number | undefined): void {
  if (ifVersion !== undefined && ifVersion !== version)
    throw new DomainError(httpProblems['precondition-failed'], 'Read it again and repeat the change on what you see.');
}
