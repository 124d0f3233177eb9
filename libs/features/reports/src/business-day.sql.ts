import { type Sql, sql } from '@innkeep/platform/database';

/**
 * The business day that a property is in, from the row `c` of `reports.property_calendars`. It is read off the clock on the wall:
 * before the day begins there it is still the day before.
 */
export const businessDayAt = (instant: string): Sql =>
  sql`((${instant}::timestamptz at time zone c.time_zone) - c.business_day_starts_at::interval)::date`;

/** The instant at which the business day `c.today` is over. */
export const businessDayEnd: Sql = sql`((c.today + 1 + c.business_day_starts_at) at time zone c.time_zone)`;
