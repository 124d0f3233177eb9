import { PropertyCreated, PropertyUpdated } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** Which properties there are, and in which currency their reports are. */
export const propertyCurrencies = defineProjection({
  name: 'reports_property_currencies',
  version: 1,
  events: [PropertyCreated, PropertyUpdated],
  table: 'reports.property_currencies',
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, property_id, currency)
    select distinct on (bucket, organization_id, property_id) bucket, organization_id, property_id, data->>'currency'
    from ${batch} e where type in ('PropertyCreated', 'PropertyUpdated')
    order by bucket, organization_id, property_id, version desc
    on conflict (bucket, organization_id, property_id) do update set currency = excluded.currency`,
});
