import { type Principal, type Tag, maySeeProperty, propertyTags } from '@innkeep/contracts';
import { notFound, principalOf } from '@innkeep/platform/http';
import type { FastifyRequest } from 'fastify';

/** The caller, if the property is theirs to see; one that is not is absent. */
export function principalFor(request: FastifyRequest, propertyId: number): Principal {
  const principal = principalOf(request);
  if (!maySeeProperty(principal, propertyId)) throw notFound('property');
  return principal;
}

/** The tags that every report of a property carries. */
export const reportTags = ({ organizationId }: Principal, propertyId: number): Tag[] =>
  propertyTags(organizationId, propertyId);
