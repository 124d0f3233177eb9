import { type Sql, runSql, sql } from '@innkeep/platform/database';
import type { MasterKeys } from '@innkeep/platform/privacy';
import type { PoolClient } from 'pg';
import { foldArchive, requireWholeLog } from './archived-log';
import { createBatchTable } from './batch';
import { MissingEventsError } from './missing-events-error';
import type { Projection } from './projection';
import { type FoldRequest, LIVE_TRACK, foldBatch, foldOrPark } from './projection-runner';

/**
 * Nobody can commit a batch of the live track until this transaction ends. Batches that were begun before it are void if it changes
 * the track: their generation is another.
 */
const lock = (track: string) => sql`select from events.checkpoints where track = ${track} order by bucket for update`;
const nextGeneration = sql`update events.checkpoints set generation = generation + 1 where track = ${LIVE_TRACK}`;

/** Takes a projection off the live track, onto one of its own that stands where live stands now. */
export async function leaveLive(client: PoolClient, name: string, track: string): Promise<boolean> {
  await runSql(client, lock(LIVE_TRACK));
  const { rowCount } = await runSql(
    client,
    sql`update events.projections set track = ${track}, changed_at = now() where name = ${name} and track = ${LIVE_TRACK}`,
  );
  if (!rowCount) return false;
  await runSql(client, sql`delete from events.checkpoints where track = ${track}`);
  await runSql(
    client,
    sql`insert into events.checkpoints (track, bucket, position, recorded_at)
      select ${track}, bucket, position, recorded_at from events.checkpoints where track = ${LIVE_TRACK}`,
  );
  await runSql(client, nextGeneration);
  return true;
}

export interface CatchUp {
  readonly projection: Projection;
  readonly track: string;
  /** The track that is to be reached; the live one, if not said. */
  readonly follows?: string;
  /** The live table that `finish` is going to replace. */
  readonly replaces?: string;
  /** Whether organizations whose events cannot be folded are parked; otherwise the operation fails on the first. */
  readonly mayPark?: boolean;
  /** What is done at the moment when the track stands exactly where live stands, and live stands still. */
  finish(client: PoolClient): Promise<void>;
  /** The folder with the files of the months that are not in the log any more. */
  readonly archive?: string;
  /** Whether the projection is on the live track from then on. */
  readonly joinsLive: boolean;
  readonly masterKeys?: MasterKeys;
  progress?(events: number): void;
}

const ALL_BUCKETS = Array.from({ length: 1_024 }, (_, bucket) => bucket);
const CATCH_UP_BATCH = 10_000;
/** Fewer events than this are left to the last step, in which live stands still for a moment. */
const NEAR = 5_000;

/** As many lines of an archive file at once: they travel to the database as one value. */
const ARCHIVE_BATCH = 5_000;

/**
 * Folds a track up to where live is: first what is in files, then the log; in large batches beside it as long as there is much, and the rest while live is held still.
 * Nothing is lost if it is interrupted: called again, it goes on from the track's checkpoint.
 */
export async function catchUp(
  client: PoolClient,
  {
    projection,
    track,
    follows = LIVE_TRACK,
    replaces,
    mayPark = false,
    archive,
    finish,
    joinsLive,
    masterKeys,
    progress,
  }: CatchUp,
): Promise<void> {
  await client.query(createBatchTable);
  const request: FoldRequest = {
    track,
    ceilingTrack: follows,
    projections: [projection],
    owned: ALL_BUCKETS,
    limit: CATCH_UP_BATCH,
    notesChanges: false,
    masterKeys,
  };
  const step = async (fill?: Sql) => {
    const { events } = await (mayPark ? foldOrPark : foldBatch)(client, { ...request, fill });
    progress?.(events);
    return events;
  };
  const committed = async (fill?: Sql) => {
    await client.query('begin');
    const events = await step(fill);
    await client.query('commit');
    return events;
  };
  await requireWholeLog(client, track, archive);
  if (archive !== undefined) await foldArchive(client, track, archive, ARCHIVE_BATCH, committed);
  while ((await committed()) >= NEAR);
  await client.query('begin');
  // The table before the checkpoints, as a batch takes them: the other way round each would wait for the other. Readers are let by.
  if (replaces) await client.query(`lock table ${replaces} in share mode`);
  await runSql(client, lock(follows));
  while ((await step()) > 0) await client.query('truncate batch');
  await requireReached(client, track, follows);
  await finish(client);
  if (joinsLive) {
    await runSql(
      client,
      sql`update events.projections set track = ${LIVE_TRACK}, version = ${projection.version}, changed_at = now() where name = ${projection.name}`,
    );
    await runSql(client, nextGeneration);
  }
  await runSql(client, sql`delete from events.checkpoints where track = ${track}`);
  await client.query('commit');
}

/** Where the log has nothing more to give and the track is not there yet, events are missing. */
async function requireReached(client: PoolClient, track: string, follows: string): Promise<void> {
  const { rows } = await runSql(
    client,
    sql`select c.bucket, c.position from events.checkpoints c
      join events.checkpoints f on f.track = ${follows} and f.bucket = c.bucket and f.position <> c.position
      where c.track = ${track} order by c.bucket limit 1`,
  );
  const [short] = rows as { bucket: number; position: string }[];
  if (short) throw MissingEventsError.behind(short.bucket, short.position);
}

/**
 * Who starts tracks takes turns with others who do, and with who lets partitions of the log go: none can begin to read what is being
 * removed.
 */
export async function lockRegistration(client: PoolClient): Promise<void> {
  await client.query("select pg_advisory_xact_lock(hashtext('innkeep.register'))");
}

/** Makes a track that stands at the log's beginning, unless it is there already. Answers whether it was made. */
export async function startTrack(client: PoolClient, track: string): Promise<boolean> {
  const { rowCount } = await runSql(
    client,
    sql`insert into events.checkpoints (track, bucket) select ${track}, bucket from events.buckets on conflict (track, bucket) do nothing`,
  );
  return (rowCount ?? 0) > 0;
}
