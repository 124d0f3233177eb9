import { ERASED, SubjectErased, UserAdded } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** Who belongs to the organization or has belonged to it, by name; of those who were erased only that they were there. */
export const members = defineProjection({
  name: 'identity_members',
  version: 1,
  events: [UserAdded, SubjectErased],
  table: 'identity.members',
  // The erased in a batch are either new in the same one, and are inserted as erased, or in the table already.
  fold: (batch, table) => sql`
    with erased as (
      select bucket, organization_id, (data->>'id')::bigint as user_id, min(recorded_at) as erased_at
      from ${batch} e where type = 'SubjectErased' and data->>'kind' = 'user' group by 1, 2, 3
    ), added as (
      select bucket, organization_id, (data->>'userId')::bigint as user_id, data->>'name' as name, recorded_at as added_at
      from ${batch} e where type = 'UserAdded'
    ), known as (
      update ${table} m set name = ${ERASED}, erased_at = e.erased_at
      from erased e
      where m.bucket = e.bucket and m.organization_id = e.organization_id and m.user_id = e.user_id and m.erased_at is null
    )
    insert into ${table} (bucket, organization_id, user_id, name, added_at, erased_at)
    select bucket, organization_id, user_id, case when e.erased_at is null then a.name else ${ERASED} end, a.added_at, e.erased_at
    from added a left join erased e using (bucket, organization_id, user_id)`,
});
