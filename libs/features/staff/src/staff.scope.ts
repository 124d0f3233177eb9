import {
  type Principal,
  type Tag,
  cacheFamilies,
  maySeeProperty,
  organizationTags,
  propertyTags,
  tags,
} from '@innkeep/contracts';
import { cached, notFound } from '@innkeep/platform/http';
import type { Sight } from './staff.sql';

interface Asked {
  readonly propertyId?: number;
  readonly userId?: number;
}

/** Whose rows a caller is shown: staff their own, everybody else those of the properties that they see. */
export function sightOf(principal: Principal, { propertyId, userId }: Asked): Sight {
  if (propertyId !== undefined && !maySeeProperty(principal, propertyId)) throw notFound('property');
  if (principal.role !== 'staff') return { principal, propertyId, userId };
  if (userId !== undefined && userId !== principal.userId) throw notFound('member');
  return { principal, propertyId, userId: principal.userId };
}

/** The tags of a list of people’s times or leave: of a property, or of all that the caller sees. */
function staffTags(of: 'attendance' | 'leave', { organizationId }: Principal, { propertyId }: Asked): Tag[] {
  const people = tags.organizationPeople(organizationId);
  if (propertyId === undefined)
    return organizationTags(organizationId, [tags.organizationStaff(organizationId), people]);
  return propertyTags(organizationId, propertyId, [people, tags.propertyStaff(propertyId), tags[of](propertyId)]);
}

const listCache = (of: 'attendance' | 'leave') =>
  cached({
    family: cacheFamilies.staff,
    tags: (principal, asked: Asked) => staffTags(of, principal, asked),
    // Staff see their own, which nobody else with their rights does.
    personalFor: ['staff'],
  });

/** How lists of what people worked, and of their leave, are kept. */
export const staffCaches = { attendance: listCache('attendance'), leave: listCache('leave') };

/** How the list of the kinds of leave is kept. */
export const leaveTypesCache = cached({
  family: cacheFamilies.staff,
  tags: ({ organizationId }, _query: object) => organizationTags(organizationId, [tags.leaveTypes(organizationId)]),
});
