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
  const named = writes.map((write, index) => sql`${rawSql(`write_${index + 1}`)} as (${write})`);
  const head = events.length > 0 ? takePositions(route, events, actorId, requestId) : readPosition(route);
  const keeping = claim ? sql`, ${claim}` : rawSql('');
  return sql`with ${joinSql([head, ...named], ',\n')} select head.version::text as version from head${keeping}`;
}

function takePositions(
  { bucket, organizationId }: OrganizationRoute,
  events: readonly NewEvent[],
  actorId: number | null,
  requestId: string | null,
): Sql {
  const list = JSON.stringify(
    events.map((event) => ({
      t: event.type,
      v: event.schemaVersion,
      p: event.propertyId ?? null,
      e: event.entityId === undefined ? null : String(event.entityId),
      d: event.data,
    })),
  );
  // Materialized: it is called once, however many writes read from it.
  return sql`head as materialized (
    select version, position from events.record(${bucket}, ${organizationId}, ${list}, ${actorId}, ${requestId})
  )`;
}

const readPosition = ({ bucket, organizationId }: OrganizationRoute): Sql => sql`head as (
    select coalesce((select version from events.organization_heads where bucket = ${bucket} and organization_id = ${organizationId}), 0) as version
  )`;
