import { DomainError, type Principal, type PropertyFacts, maySeeProperty } from '@innkeep/contracts';
import { httpProblems, notFound } from '@innkeep/platform/http';
import { refuse } from './guests.problems';
import type { Stay } from './stay';

/** Members see the stays of their properties; another's is as absent as one that does not exist. */
export function assertMaySee(principal: Principal, stay: Stay | undefined): asserts stay is Stay {
  if (!stay || !maySeeProperty(principal, stay.propertyId)) throw notFound('stay');
}

/** How a guest is reached is for those who deal with guests. */
export const maySeeContact = ({ role }: Principal): boolean => role !== 'auditor';

/** The property that a party comes to, if the member may see it. */
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

/** Refuses a change of another version than the one that was read. */
export function assertVersion(version: number, ifVersion: number | undefined): void {
  if (ifVersion !== undefined && ifVersion !== version)
    throw new DomainError(httpProblems['precondition-failed'], 'Read it again and repeat the change on what you see.');
}
