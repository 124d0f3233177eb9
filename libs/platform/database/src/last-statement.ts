import type { NewEvent } from '@innkeep/contracts';
import type { OrganizationRoute } from './directory';
import { type Sql, joinSql, rawSql, sql } from './sql';

export interface LastStatement {
  readonly route: OrganizationRoute;
  readonly events: readonly NewEvent[];
  readonly writes: readonly Sql[];
  readonly actorId: number | null;
  readonly requestId: string | null;
  /** The idempotency record to leave behind, if the request had a key. */
  readonly claim?: Sql;
}

/**
 * The one last statement of a unit of work: takes the bucket's position and the organization's version, writes the events under
 * them, saves the rows, and leaves the idempotency record. Answers the organization's version after it.
 *
 * It must stay the last statement: the bucket row is locked from here to commit, which is what makes position order equal commit
 * order, and `position > checkpoint` a safe way to read. Every write reads its version from `head`, so none can run before the lock.
 */
export function lastStatement({ route, events, writes, actorId, requestId, claim }: LastStatement): Sql {
  const { bucket, organizationId } = route;
  const named = writes.map((write, index) => sql`${rawSql(`write_${index + 1}`)} as (${write})`);
  if (claim) named.push(sql`claim as (${claim})`);
  const head =
    events.length > 0 ? takePositions(route, events, actorId, requestId) : readPosition(bucket, organizationId);
  return sql`with ${joinSql([head, ...named], ',\n')} select version::text as version from head`;
}

function takePositions(
  route: OrganizationRoute,
  events: readonly NewEvent[],
  actorId: number | null,
  requestId: string | null,
): Sql {
  const { bucket, organizationId } = route;
  const count = rawSql(String(events.length));
  const list = JSON.stringify(
    events.map((event) => ({
      t: event.type,
      v: event.schemaVersion,
      p: event.propertyId ?? null,
      e: event.entityId === undefined ? null : String(event.entityId),
      d: event.data,
    })),
  );
  // recorded_at never runs backwards inside a bucket, whatever the clock does, so readers may skip partitions by it.
  return sql`taken as (
    update events.buckets set position = position + ${count}, recorded_at = greatest(recorded_at, clock_timestamp())
    where bucket = ${bucket} returning position, recorded_at
  ), head as (
    insert into events.organization_heads as h (bucket, organization_id, version, position)
    select ${bucket}::smallint, ${organizationId}::bigint, ${count}, taken.position from taken
    on conflict (bucket, organization_id) do update set version = h.version + ${count}, position = excluded.position
    returning h.version, h.position
  ), recorded as (
    insert into events.log (bucket, organization_id, version, position, recorded_at, type, schema_version, property_id, entity_id, actor_id, request_id, data)
    select ${bucket}::smallint, ${organizationId}::bigint, head.version - ${count} + e.n, head.position - ${count} + e.n, taken.recorded_at,
      e.event->>'t', (e.event->>'v')::smallint, (e.event->>'p')::bigint, e.event->>'e', ${actorId}::bigint, ${requestId}::text, e.event->'d'
    from head, taken, jsonb_array_elements(${list}::jsonb) with ordinality as e(event, n)
  )`;
}

const readPosition = (bucket: number, organizationId: number): Sql => sql`head as (
    select coalesce((select version from events.organization_heads where bucket = ${bucket} and organization_id = ${organizationId}), 0) as version
  )`;
