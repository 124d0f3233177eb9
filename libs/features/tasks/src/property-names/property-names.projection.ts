import { PropertyCreated, PropertyUpdated } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** What the properties are called, for the board, and which there are. */
export const propertyNames = defineProjection({
  name: 'tasks_property_names',
  version: 1,
  events: [PropertyCreated, PropertyUpdated],
  table: 'tasks.property_names',
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, property_id, name)
    select distinct on (bucket, organization_id, property_id) bucket, organization_id, property_id, data->>'name'
    from ${batch} e where type in ('PropertyCreated', 'PropertyUpdated')
    order by bucket, organization_id, property_id, version desc
    on conflict (bucket, organization_id, property_id) do update set name = excluded.name`,
});
