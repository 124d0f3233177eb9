import { PropertyCreated, PropertyUpdated } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** Which properties there are, what they are called and by which clock they live. */
export const propertyNames = defineProjection({
  name: 'staff_property_names',
  version: 1,
  events: [PropertyCreated, PropertyUpdated],
  table: 'staff.property_names',
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, property_id, name, time_zone)
    select distinct on (bucket, organization_id, property_id) bucket, organization_id, property_id, data->>'name', data->>'timeZone'
    from ${batch} e where type in ('PropertyCreated', 'PropertyUpdated')
    order by bucket, organization_id, property_id, version desc
    on conflict (bucket, organization_id, property_id) do update set name = excluded.name, time_zone = excluded.time_zone`,
});
