import { sqlMigration } from '@innkeep/platform/database';

/**
 * The write path's own statements, as functions: what PostgreSQL has planned inside a function it remembers for the session, also
 * behind a pooler that knows no prepared statements. Planning them anew cost more than running them.
 */
export const recordMigration = sqlMigration(
  1763700002100,
  'create-event-recording',
  `
-- Takes the bucket's positions and the organization's versions and writes the events under them. The bucket row is locked from
-- here to commit: call it in the last statement of a transaction and nowhere else.
create function events.record(p_bucket smallint, p_organization_id bigint, p_events jsonb, p_actor_id bigint, p_request_id text,
    out version bigint, out "position" bigint)
  language plpgsql as $$
declare
  count integer := jsonb_array_length(p_events);
  moment timestamptz;
begin
  -- recorded_at never runs backwards inside a bucket, whatever the clock does, so readers may skip partitions by it.
  update events.buckets b set position = b.position + count, recorded_at = greatest(b.recorded_at, clock_timestamp())
    where b.bucket = p_bucket returning b.position, b.recorded_at into strict "position", moment;
  insert into events.organization_heads as h (bucket, organization_id, version, position)
    values (p_bucket, p_organization_id, count, record."position")
    on conflict (bucket, organization_id) do update set version = h.version + count, position = excluded.position
    returning h.version into strict version;
  insert into events.log (bucket, organization_id, version, position, recorded_at, type, schema_version, property_id, entity_id, actor_id, request_id, data)
    select p_bucket, p_organization_id, record.version - count + e.n, record."position" - count + e.n, moment,
      e.event->>'t', (e.event->>'v')::smallint, (e.event->>'p')::bigint, e.event->>'e', p_actor_id, p_request_id, e.event->'d'
    from jsonb_array_elements(p_events) with ordinality as e(event, n);
end $$;
`,
);
