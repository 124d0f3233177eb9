import { type EventType, type RecordedEvent, upcast, withhold } from '@innkeep/contracts';
import { type Sql, runSql } from '@innkeep/platform/database';
import type { PoolClient } from 'pg';
import { type BucketAdvance, advanceCheckpoints, nextForReactors, takeReplays } from './batch';
import { FencedError } from './fenced-error';
import { inTransaction } from './in-transaction';
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

/** What reactors were shown: how many events, and of which buckets. */
export interface Reacted {
  readonly events: number;
  readonly buckets: readonly number[];
}

/** Lets a reactor see the next events that the projections it trails have applied, and advances its checkpoint. Answers how many it took. */
export const reactToNextBatch = async (
  client: PoolClient,
  reactor: Reactor,
  owned: readonly number[],
): Promise<number> => (await reactTogether(client, [reactor], owned)).events;

/**
 * The same for some reactors that trail the same projections: the log is read once for all of them, of the buckets in which they stand
 * at the same place. What one of them cannot do, none has done.
 */
export async function reactTogether(
  client: PoolClient,
  reactors: readonly Reactor[],
  owned: readonly number[],
): Promise<Reacted> {
  const tracks = reactors.map(reactorTrack);
  const { trails } = reactors[0]!;
  return inTransaction(client, async () => {
    const { rows } = await runSql(client, nextForReactors(tracks, LIVE_TRACK, trails, owned, REACTOR_BATCH_SIZE));
    const next = rows as LogRow[];
    if (next.length === 0) return { events: 0, buckets: [] };
    const moves = advances(next);
    await show(
      client,
      reactors,
      next.filter(({ is_parked }) => !is_parked),
    );
    const { rowCount } = await runSql(client, advanceCheckpoints(tracks, moves));
    if (rowCount !== moves.length * tracks.length) throw new FencedError(tracks.join(', '));
    return { events: next.length, buckets: moves.map(({ bucket }) => bucket) };
  });
}

/** Lets a reactor see again what a projection has taken only later. Answers how many events that were. */
export async function reactToReplays(client: PoolClient, reactor: Reactor, owned: readonly number[]): Promise<number> {
  return inTransaction(client, async () => {
    const { rows } = await runSql(client, takeReplays(reactorTrack(reactor), reactor.trails, owned));
    await show(client, [reactor], rows as LogRow[]);
    return rows.length;
  });
}

async function show(client: PoolClient, reactors: readonly Reactor[], rows: readonly LogRow[]): Promise<void> {
  const types = new Map(reactors.flatMap(({ events }) => events.map((one) => [one.type, one])));
  const events = rows
    .filter(({ type }) => types.has(type))
    .map(toEvent)
    .map((event) => ({ ...event, data: shown(types.get(event.type)!, event) }));
  const reaction = { query: async <Row>(statement: Sql) => (await runSql(client, statement)).rows as Row[] };
  const reactions = await Promise.allSettled(
    reactors.map(async (reactor) => {
      const taken = new Set(reactor.events.map(({ type }) => type));
      const its = events.filter(({ type }) => taken.has(type));
      if (its.length > 0) await reactor.react(its, reaction);
    }),
  );
  // All have ended: none goes on in a transaction that is rolled back.
  const failed = reactions.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** The payload as a reactor sees it. What it sends away nobody could erase, so personal fields are withheld from it. */
const shown = (eventType: EventType, { schemaVersion, data }: RecordedEvent): unknown =>
  upcast(eventType, schemaVersion, eventType.personal ? withhold(data) : data);
