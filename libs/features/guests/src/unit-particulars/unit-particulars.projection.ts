import { UnitAdded, UnitChanged } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** What each unit is called, and whom it takes: for who looks for one. */
export const unitParticulars = defineProjection({
  name: 'guests_unit_particulars',
  version: 1,
  events: [UnitAdded, UnitChanged],
  table: 'guests.unit_particulars',
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, unit_id, name, unit_type, capacity)
    select distinct on (bucket, organization_id, data->>'unitId') bucket, organization_id, (data->>'unitId')::uuid,
      data->>'name', data->>'unitType', (data->>'capacity')::integer
    from ${batch} e where type in ('UnitAdded', 'UnitChanged')
    order by bucket, organization_id, data->>'unitId', version desc
    on conflict (bucket, organization_id, unit_id) do update
      set name = excluded.name, unit_type = excluded.unit_type, capacity = excluded.capacity`,
});
