import { sqlMigration } from '@innkeep/platform/database';

/** Which read models do not follow the log, for everybody or for one organization. */
export const standingStillMigration = sqlMigration(
  1763711000000,
  'create-standing-still',
  `
-- Whether the event that comes next on a track has waited for longer than a track that moves lets any wait.
create function events.is_late(p_bucket smallint, p_position bigint, p_recorded_at timestamptz) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from events.log l where l.bucket = p_bucket and l.position = p_position + 1 and l.recorded_at >= p_recorded_at
    and l.recorded_at < now() - interval '30 seconds') $$;
revoke all on function events.is_late(smallint, bigint, timestamptz) from public;
grant execute on function events.is_late(smallint, bigint, timestamptz) to innkeep_api, innkeep_worker;

-- Of the read models asked for, those that a new event of the organization would not reach soon: not built yet, paused, of an earlier
-- version than the code, holding the organization parked, or behind by more than half a minute. One that is rebuilt beside its table
-- goes on meanwhile. With them the organization's own version, at which there is nothing that they could lack.
create function events.standing_still(p_bucket smallint, p_organization_id bigint, p_projections text[], out names text[], out head bigint)
  language plpgsql stable as $$
declare last bigint;
begin
  select h.version, h.position into head, last from events.organization_heads h
    where h.bucket = p_bucket and h.organization_id = p_organization_id;
  head := coalesce(head, 0);
  select coalesce(array_agg(asked.name order by asked.name), '{}') into names from unnest(p_projections) asked(name)
  left join events.projections p on p.name = asked.name
  left join events.checkpoints c on c.track = p.track and c.bucket = p_bucket
  where p.track is distinct from 'live'
    or exists (select from events.parked k
      where k.bucket = p_bucket and k.organization_id = p_organization_id and k.projection = asked.name)
    or case when last > c.position then events.is_late(p_bucket, c.position, c.recorded_at) end;
end $$;
revoke all on function events.standing_still(smallint, bigint, text[]) from public;
grant execute on function events.standing_still(smallint, bigint, text[]) to innkeep_api, innkeep_worker;
`,
);
