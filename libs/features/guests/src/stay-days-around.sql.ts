import { type Sql, rawSql, sql } from '@innkeep/platform/database';
import type { PropertyAt } from './property-calendars/property-day.sql';

/** The days that are asked about, both included, of a property. */
export interface DaysOfProperty extends PropertyAt {
  readonly from: string;
  readonly to: string;
}

/**
 * As long as a stay that is agreed on can be; who stays beyond that is found by an index of its own, which is asked for this number alone: it
 * stands in the statement, and is no parameter.
 */
const LONG_DAYS = rawSql('400');

/**
 * The rows of `guests.stay_days` that may be about days of the range: whoever asks looks at them. By the end of a stay alone all that came
 * later would be read too, which is the whole history where somebody looks at its beginning.
 */
export const stayDaysAround = ({ bucket, organizationId, propertyId, from, to }: DaysOfProperty): Sql => sql`
  select * from guests.stay_days
  where bucket = ${bucket} and organization_id = ${organizationId} and property_id = ${propertyId}
    and greatest(departs_on, departed_on) between ${from}::date and ${to}::date + ${LONG_DAYS}
  union all
  select * from guests.stay_days
  where bucket = ${bucket} and organization_id = ${organizationId} and property_id = ${propertyId}
    and greatest(departs_on, departed_on) > ${to}::date + ${LONG_DAYS}
    and greatest(departs_on, departed_on) - least(arrives_on, arrived_on) > ${LONG_DAYS}`;
