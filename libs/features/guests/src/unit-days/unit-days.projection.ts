import { UnitAdded, UnitChanged } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** On which days each unit counts, and on which of them it is out of order. */
export const unitDays = defineProjection({
  name: 'guests_unit_days',
  version: 1,
  events: [UnitAdded, UnitChanged],
  table: 'guests.unit_days',
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, unit_id, property_id, in_service, out_of_order)
    select distinct on (bucket, organization_id, data->>'unitId') bucket, organization_id, (data->>'unitId')::uuid,
      (data->>'propertyId')::bigint, daterange((data->>'inServiceFrom')::date, (data->>'inServiceUntil')::date, '[]'),
      (select coalesce(range_agg(daterange((p->>'from')::date, (p->>'to')::date, '[]')), '{}'::datemultirange)
        from jsonb_array_elements(data->'outOfOrder') p)
    from ${batch} e where type in ('UnitAdded', 'UnitChanged')
    order by bucket, organization_id, data->>'unitId', version desc
    on conflict (bucket, organization_id, unit_id) do update
      set in_service = excluded.in_service, out_of_order = excluded.out_of_order`,
});
