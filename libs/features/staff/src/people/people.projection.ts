import { ERASED, SubjectErased, UserAdded, UserChanged } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** Who there is and has been: by name, since when, and in which properties. */
export const people = defineProjection({
  name: 'staff_people',
  version: 1,
  events: [UserAdded, UserChanged, SubjectErased],
  table: 'staff.people',
  // Everybody is added once; what happens to somebody in the same batch is taken into that row, else into the one that is there.
  fold: (batch, table) => sql`
    with erased as (
      select distinct bucket, organization_id, (data->>'id')::bigint as user_id from ${batch} e
      where type = 'SubjectErased' and data->>'kind' = 'user'
    ), rights as (
      select distinct on (bucket, organization_id, data->>'userId') bucket, organization_id, (data->>'userId')::bigint as user_id,
        data->'propertyIds' as property_ids
      from ${batch} e where type in ('UserAdded', 'UserChanged')
      order by bucket, organization_id, data->>'userId', version desc
    ), added as (
      select bucket, organization_id, (data->>'userId')::bigint as user_id, data->>'name' as name, recorded_at
      from ${batch} e where type = 'UserAdded'
    ), known as (
      update ${table} p set
        name = case when c.is_erased then ${ERASED} else p.name end,
        property_ids = case when not c.is_moved then p.property_ids
          when jsonb_typeof(c.property_ids) = 'array' then array(select jsonb_array_elements_text(c.property_ids)::bigint) end
      from (select bucket, organization_id, user_id, r.property_ids, r.user_id is not null as is_moved, e.user_id is not null as is_erased
        from rights r full join erased e using (bucket, organization_id, user_id)) c
      where (p.bucket, p.organization_id, p.user_id) = (c.bucket, c.organization_id, c.user_id)
    )
    insert into ${table} (bucket, organization_id, user_id, name, joined_on, property_ids)
    select bucket, organization_id, user_id, case when e.user_id is null then a.name else ${ERASED} end, (a.recorded_at at time zone 'UTC')::date,
      case when jsonb_typeof(r.property_ids) = 'array' then array(select jsonb_array_elements_text(r.property_ids)::bigint) end
    from added a join rights r using (bucket, organization_id, user_id) left join erased e using (bucket, organization_id, user_id)`,
});
