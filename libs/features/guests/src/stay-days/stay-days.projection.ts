import { SubjectErased } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';
import { isStayEvent, stayEvents } from '../stay.events';

/** What of a stay counts over days, as its last event says. Who the guest is does not: an erasure changes nothing here. */
export const stayDays = defineProjection({
  name: 'guests_stay_days',
  version: 1,
  events: [...stayEvents, SubjectErased],
  table: 'guests.stay_days',
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, stay_id, property_id, status, unit_count, party_size, arrives_on, departs_on, arrived_on,
      departed_on)
    select distinct on (bucket, organization_id, data->>'stayId') bucket, organization_id, (data->>'stayId')::uuid,
      (data->>'propertyId')::bigint, data->>'status', (data->>'unitCount')::integer, (data->>'partySize')::integer,
      (data->>'arrivesOn')::date, (data->>'departsOn')::date, (data->>'arrivedOn')::date, (data->>'departedOn')::date
    from ${batch} e where ${isStayEvent}
    order by bucket, organization_id, data->>'stayId', version desc
    on conflict (bucket, organization_id, stay_id) do update set status = excluded.status, unit_count = excluded.unit_count,
      party_size = excluded.party_size, arrives_on = excluded.arrives_on, departs_on = excluded.departs_on, arrived_on = excluded.arrived_on,
      departed_on = excluded.departed_on`,
});
