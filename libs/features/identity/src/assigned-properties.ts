import { DomainError, type PropertyPort } from '@innkeep/contracts';
import type { OrganizationTransaction } from '@innkeep/platform/database';
import { httpProblems } from '@innkeep/platform/http';
import type { AssignedProperties } from './user';

/** Refuses an assignment that names what is no property of the organization. */
export async function checkKnownProperties(
  properties: PropertyPort,
  transaction: OrganizationTransaction,
  propertyIds: AssignedProperties,
): Promise<void> {
  if (!propertyIds) return;
  const known = await properties.find(transaction, propertyIds);
  const errors = propertyIds.flatMap((id, index) =>
    known.has(id) ? [] : [{ pointer: `/propertyIds/${index}`, detail: 'is no property of the organization' }],
  );
  if (errors.length > 0) {
    throw new DomainError(httpProblems['property-unknown'], 'Name properties of your organization.', { errors });
  }
}
