import type { RecordedEvent } from '@innkeep/contracts';
import type { PoolClient } from 'pg';
import { type BucketAdvance, advanceCheckpoints, nextForReactor } from './batch';
import { BATCH_SIZE, FencedError, LIVE_TRACK } from './projection-runner';
import type { Reactor } from './reactor';

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

function advances(rows: readonly LogRow[]): BucketAdvance[] {
  const byBucket = new Map<number, BucketAdvance>();
  for (const row of rows) {
    byBucket.set(row.bucket, {
      bucket: row.bucket,
      from: row.from_position,
      to: row.position,
      recordedAt: row.recorded_at.toISOString(),
    });
  }
  return [...byBucket.values()];
}

/** Lets a reactor see the next events that the projections have applied, and advances its checkpoint. Answers how many it took. */
export async function reactToNextBatch(
  client: PoolClient,
  reactor: Reactor,
  owned: readonly number[],
): Promise<number> {
  const track = reactorTrack(reactor);
  await client.query('begin');
  try {
    const { text, values } = nextForReactor(track, LIVE_TRACK, owned, BATCH_SIZE).compile();
    const { rows } = await client.query<LogRow>(text, values);
    if (rows.length === 0) {
      await client.query('rollback');
      return 0;
    }
    const wanted = new Set(reactor.events.map(({ type }) => type));
    const events = rows.filter(({ type }) => wanted.has(type)).map(toEvent);
    if (events.length > 0) {
      await reactor.react(events, {
        query: async (statement) => {
          const compiled = statement.compile();
          return (await client.query(compiled.text, compiled.values)).rows;
        },
      });
    }
    const moves = advances(rows);
    const advance = advanceCheckpoints(track, moves).compile();
    const { rowCount } = await client.query(advance.text, advance.values);
    if (rowCount !== moves.length) throw new FencedError(track);
    await client.query('commit');
    return rows.length;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
