import { GuestCheckedIn, GuestCheckedOut, StayChanged, SubjectErased } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** The stays of parties that have arrived. Nothing personal of them is kept, so an erasure changes nothing. */
export const stays = defineProjection({
  name: 'analytics_stays',
  version: 1,
  events: [GuestCheckedIn, StayChanged, GuestCheckedOut, SubjectErased],
  table: 'analytics.stays',
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, stay_id, property_id, arrived_on, departed_on, unit_count)
    select distinct on (bucket, organization_id, data->>'stayId') bucket, organization_id, data->>'stayId', property_id,
      (data->>'arrivedOn')::date, coalesce(data->>'departedOn', data->>'departsOn')::date, (data->>'unitCount')::int
    from ${batch} e
    where type in ('GuestCheckedIn', 'StayChanged', 'GuestCheckedOut') and data->>'status' in ('in-house', 'departed')
    order by bucket, organization_id, data->>'stayId', version desc
    on conflict (bucket, organization_id, stay_id) do update
      set arrived_on = excluded.arrived_on, departed_on = excluded.departed_on, unit_count = excluded.unit_count`,
});
