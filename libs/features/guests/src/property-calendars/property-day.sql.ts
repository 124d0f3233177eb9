import { type Sql, sql } from '@innkeep/platform/database';

/** A property, and where it is found. */
export interface PropertyAt {
  readonly bucket: number;
  readonly organizationId: number;
  readonly propertyId: number;
}

/**
 * The business day that a property is in (`today`) and when it ends (`ends_at`). No row: the property is not the organization's. Whoever
 * compares days of rows with it makes it on its own before: behind row-level security no index is asked for what is an expression over
 * time zones.
 *
 * @param now an instant, as SQL
 */
export const propertyDay = ({ bucket, organizationId, propertyId }: PropertyAt, now: Sql): Sql => sql`
  select today, (today + 1 + business_day_starts_at) at time zone time_zone as ends_at from (
    select time_zone, business_day_starts_at, ((${now} at time zone time_zone) - business_day_starts_at::interval)::date as today
    from guests.property_calendars
    where bucket = ${bucket} and organization_id = ${organizationId} and property_id = ${propertyId}) clock`;
