import { type Principal, type Tag, cacheFamilies, organizationTags, propertyTags, tags } from '@innkeep/contracts';
import { cached } from '@innkeep/platform/http';

/** What a tag of an answer about guests is made of. */
interface Asked {
  readonly propertyId?: number;
}

function listTags({ organizationId }: Principal, { propertyId }: Asked): Tag[] {
  return propertyId === undefined
    ? organizationTags(organizationId, [tags.organizationGuests(organizationId)])
    : propertyTags(organizationId, propertyId, [tags.guestList(propertyId)]);
}

const occupancyTags = ({ organizationId }: Principal, { propertyId }: Required<Asked>): Tag[] =>
  propertyTags(organizationId, propertyId, [tags.occupancy(propertyId)]);

/** How lists of stays are kept. */
export const staysCache = cached({
  family: cacheFamilies.checkIn,
  tags: listTags,
  personalParameters: ['guest'],
});

/** The same of a day, which may be today: no process keeps it. */
export const dayCache = cached({
  family: cacheFamilies.checkIn,
  tags: (principal: Principal, { propertyId }: Required<Asked>) => listTags(principal, { propertyId }),
  isTimed: true,
});

/** How what is free is kept, which depends on the day that the property is in. */
export const availabilityCache = cached({ family: cacheFamilies.checkIn, tags: occupancyTags, isTimed: true });

/** How what is counted over stays and units is kept. */
export const occupancyCache = cached({ family: cacheFamilies.checkIn, tags: occupancyTags });
