import { PropertyCreated, PropertyUpdated } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** Which properties there are, and by which clock each tells its business day. */
export const propertyCalendars = defineProjection({
  name: 'guests_property_calendars',
  version: 1,
  events: [PropertyCreated, PropertyUpdated],
  table: 'guests.property_calendars',
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, property_id, time_zone, business_day_starts_at)
    select distinct on (bucket, organization_id, property_id) bucket, organization_id, property_id, data->>'timeZone',
      (data->>'businessDayStartsAt')::time
    from ${batch} e where type in ('PropertyCreated', 'PropertyUpdated')
    order by bucket, organization_id, property_id, version desc
    on conflict (bucket, organization_id, property_id) do update
      set time_zone = excluded.time_zone, business_day_starts_at = excluded.business_day_starts_at`,
});
