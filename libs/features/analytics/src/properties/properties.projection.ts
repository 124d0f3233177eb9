import { PropertyCreated, PropertyUpdated } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** Which properties there are, and in which currency they count. */
export const properties = defineProjection({
  name: 'analytics_properties',
  version: 1,
  events: [PropertyCreated, PropertyUpdated],
  table: 'analytics.properties',
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, property_id, currency)
    select distinct on (bucket, organization_id, property_id) bucket, organization_id, property_id, data->>'currency'
    from ${batch} e where type in ('PropertyCreated', 'PropertyUpdated')
    order by bucket, organization_id, property_id, version desc
    on conflict (bucket, organization_id, property_id) do update set currency = excluded.currency`,
});
