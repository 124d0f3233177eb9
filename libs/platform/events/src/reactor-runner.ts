import { type EventType, type RecordedEvent, upcast, withhold } from '@innkeep/contracts';
import { type Sql, sendTogether } from '@innkeep/platform/database';
import type { PoolClient } from 'pg';
import { type BucketAdvance, advanceCheckpoints, nextForReactor, takeReplays } from './batch';
import { FencedError } from './fenced-error';
import { MissingEventsError } from './missing-events-error';
import { LIVE_TRACK } from './projection-runner';
import type { Reactor } from './reactor';

/** How many events one transaction of a reactor takes at most: unlike those that are folded they come into this process. */
export const REACTOR_BATCH_SIZE = 1_000;

/** The track of a reactor: each has a checkpoint of its own, so that one that is stuck holds up no other. */
export const reactorTrack = (reactor: Reactor): string => `reactor:${reactor.name}`;

interface LogRow {
  bucket: number;
  position: string;
  organization_id: string;
  version: string;
  recorded_at: Date;
  type: string;
  schema_version: number;
  property_id: string | null;
  entity_id: string | null;
  actor_id: string | null;
  request_id: string | null;
  data: unknown;
  from_position: string;
  generation: number;
  is_parked: boolean;
}

const toEvent = (row: LogRow): RecordedEvent => ({
  bucket: row.bucket,
  organizationId: Number(row.organization_id),
  position: Number(row.position),
  version: Number(row.version),
  recordedAt: row.recorded_at,
  type: row.type,
  schemaVersion: row.schema_version,
  propertyId: row.property_id === null ? undefined : Number(row.property_id),
  entityId: row.entity_id ?? undefined,
  actorId: row.actor_id === null ? undefined : Number(row.actor_id),
  requestId: row.request_id ?? undefined,
  data: row.data,
});

/** How each bucket advances; fails where an event is missing on the way. */
function advances(rows: readonly LogRow[]): BucketAdvance[] {
  const byBucket = new Map<number, BucketAdvance>();
  for (const { bucket, from_position: from, position, recorded_at, generation } of rows) {
    const last = byBucket.get(bucket)?.to ?? from;
    if (BigInt(position) !== BigInt(last) + 1n) throw MissingEventsError.behind(bucket, last);
    byBucket.set(bucket, { bucket, from, to: position, recordedAt: recorded_at.toISOString(), generation });
  }
  return [...byBucket.values()];
}

/** Lets a reactor see the next events that the projections it trails have applied, and advances its checkpoint. Answers how many it took. */
export async function reactToNextBatch(
  client: PoolClient,
  reactor: Reactor,
  owned: readonly number[],
): Promise<number> {
  const track = reactorTrack(reactor);
  return inTransaction(client, async () => {
    const { rows } = await run(client, nextForReactor(track, LIVE_TRACK, reactor.trails, owned, REACTOR_BATCH_SIZE));
    const next = rows as LogRow[];
    if (next.length === 0) return 0;
    const moves = advances(next);
    await show(
      client,
      reactor,
      next.filter(({ is_parked }) => !is_parked),
    );
    const { rowCount } = await run(client, advanceCheckpoints(track, moves));
    if (rowCount !== moves.length) throw new FencedError(track);
    return next.length;
  });
}

/** Lets a reactor see again what a projection has taken only later. Answers how many events that were. */
export async function reactToReplays(client: PoolClient, reactor: Reactor, owned: readonly number[]): Promise<number> {
  return inTransaction(client, async () => {
    const { rows } = await run(client, takeReplays(reactorTrack(reactor), reactor.trails, owned));
    await show(client, reactor, rows as LogRow[]);
    return rows.length;
  });
}

async function show(client: PoolClient, reactor: Reactor, rows: readonly LogRow[]): Promise<void> {
  const types = new Map(reactor.events.map((one) => [one.type, one]));
  const events = rows
    .filter(({ type }) => types.has(type))
    .map(toEvent)
    .map((event) => ({ ...event, data: shown(types.get(event.type)!, event) }));
  if (events.length === 0) return;
  await reactor.react(events, { query: async (statement) => (await run(client, statement)).rows });
}

/** The payload as a reactor sees it. What it sends away nobody could erase, so personal fields are withheld from it. */
const shown = (eventType: EventType, { schemaVersion, data }: RecordedEvent): unknown =>
  upcast(eventType, schemaVersion, eventType.personal ? withhold(data) : data);

async function inTransaction<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  try {
    sendTogether(client);
    const [, result] = await Promise.all([client.query('begin'), work()]);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

function run(client: PoolClient, statement: Sql) {
  const { text, values } = statement.compile();
  return client.query(text, values);
}
