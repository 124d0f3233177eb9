import { UnitAdded, UnitChanged } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** The units as they are to be sold: the nights of a unit that are available follow from its row alone. */
export const units = defineProjection({
  name: 'analytics_units',
  version: 1,
  events: [UnitAdded, UnitChanged],
  table: 'analytics.units',
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, unit_id, property_id, in_service_from, in_service_until, out_of_order)
    select distinct on (bucket, organization_id, data->>'unitId') bucket, organization_id, data->>'unitId', property_id,
      (data->>'inServiceFrom')::date, (data->>'inServiceUntil')::date, data->'outOfOrder'
    from ${batch} e where type in ('UnitAdded', 'UnitChanged')
    order by bucket, organization_id, data->>'unitId', version desc
    on conflict (bucket, organization_id, unit_id) do update
      set in_service_from = excluded.in_service_from, in_service_until = excluded.in_service_until, out_of_order = excluded.out_of_order`,
});
