import { type Sql, rawSql, sendTogether } from '@innkeep/platform/database';
import type { MasterKeys } from '@innkeep/platform/privacy';
import type { PoolClient } from 'pg';
import { type BucketAdvance, advanceCheckpoints, fillBatch, findExceptions, noteChanges, takenBy } from './batch';
import { isDeterministic } from './deterministic-error';
import { foldIsolated } from './isolation';
import { MissingEventsError } from './missing-events-error';
import { assertReadable, prepareBatch } from './preparation';
import type { Projection } from './projection';

/** All live projections advance together on this track. */
export const LIVE_TRACK = 'live';

/**
 * How many events one transaction folds at most. They do not leave the database, so this is not memory of the process; beyond it what
 * a transaction costs by itself hardly shows any more.
 */
export const BATCH_SIZE = 4_000;

/** Another instance has advanced these checkpoints meanwhile, or the track's projections have changed; the rows were rolled back. */
export class FencedError extends Error {
  constructor(track: string) {
    super(`the checkpoints of ${track} have moved on`);
    this.name = 'FencedError';
  }
}

/** What to fold: a track, the projections on it, how far, and of which buckets. */
export interface FoldRequest {
  readonly track: string;
  /** Folds nothing that this track has not applied; without it, up to the head of the log. */
  readonly ceilingTrack?: string;
  readonly projections: readonly Projection[];
  readonly owned: readonly number[];
  readonly limit?: number;
  /** Fills the batch otherwise than from the log. */
  readonly fill?: Sql;
  /** Told by read models that users see; not by one that is built beside. */
  readonly notesChanges?: boolean;
  /** Needed as soon as an event has personal fields. */
  readonly masterKeys?: MasterKeys;
}

export interface FoldResult {
  readonly events: number;
  /** Organizations that were parked because one of their events could not be folded. */
  readonly parked: number;
}

interface FilledBucket extends BucketAdvance {
  readonly count: number;
  readonly hasGap: boolean;
  readonly types: string[];
}

const NOTHING: FoldResult = { events: 0, parked: 0 };

/**
 * Folds the next batch into the track's projections and advances their checkpoint, in one transaction: rows and checkpoint cannot
 * disagree, which is what makes a fold exactly once in effect. If an event cannot be folded, the batch is folded once more with
 * that organization isolated.
 */
export async function foldNextBatch(client: PoolClient, request: FoldRequest): Promise<FoldResult> {
  try {
    sendTogether(client);
    // Sent ahead of the batch's own statements, not waited for; but its failure has to be heard.
    const [, result] = await Promise.all([client.query('begin'), foldOrPark(client, request)]);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** The body of `foldNextBatch`, for callers that hold a transaction of their own. */
export async function foldOrPark(client: PoolClient, request: FoldRequest): Promise<FoldResult> {
  const saved = client.query('savepoint batch');
  try {
    const [result] = await Promise.all([foldBatch(client, request), saved]);
    return result;
  } catch (error) {
    if (!isDeterministic(error)) throw error;
    await client.query('rollback to savepoint batch');
    return foldBatch(client, request, foldOneByOne);
  }
}

/** What a fold has to know of the batch. */
interface BatchState {
  /** The projections that have organizations parked or events skipped. */
  readonly hasExceptions: ReadonlySet<string>;
  /** Whether some of its events cannot be read. */
  readonly isFlawed: boolean;
}

type Fold = (client: PoolClient, projections: readonly Projection[], state: BatchState) => Promise<number>;

/** Folds the next batch, all projections at once unless told otherwise; fails if an event cannot be folded. */
export async function foldBatch(
  client: PoolClient,
  request: FoldRequest,
  fold: Fold = foldTogether,
): Promise<FoldResult> {
  const { track, ceilingTrack, projections, owned, limit = BATCH_SIZE, notesChanges = true, masterKeys } = request;
  const [{ rows }, exceptions, members] = await Promise.all([
    run(client, request.fill ?? fillBatch(track, ceilingTrack, owned, limit)),
    run(client, findExceptions),
    // Read behind the batch: if a projection leaves or joins after this, the batch's generation is no longer the track's.
    run(client, rawSql(`select name, version from events.projections where track = '${LIVE_TRACK}'`)),
  ]);
  const filled = rows as FilledBucket[];
  if (filled.length === 0) return NOTHING;
  const torn = filled.find(({ hasGap }) => hasGap);
  if (torn) throw MissingEventsError.behind(torn.bucket, torn.from);
  const present = track === LIVE_TRACK ? liveProjections(projections, members.rows as LiveMember[]) : projections;
  const types = new Set(filled.flatMap((bucket) => bucket.types));
  const concerned = present.filter(({ events }) => events.some(({ type }) => types.has(type)));
  const hasExceptions = new Set(exceptions.rows.map(({ projection }) => projection as string));
  const taken = concerned.flatMap(({ events }) => events.filter(({ type }) => types.has(type)));
  const isFlawed = (await prepareBatch(client, taken, masterKeys)) > 0;
  const parked = await fold(client, concerned, { hasExceptions, isFlawed });
  const takes = concerned.flatMap(({ name, events }) =>
    events.filter(({ type }) => types.has(type)).map(({ type }) => [name, type] as const),
  );
  sendTogether(client);
  const [advanced] = await Promise.all([
    run(client, advanceCheckpoints(track, filled)),
    ...(notesChanges && takes.length > 0 ? [run(client, noteChanges(takes))] : []),
  ]);
  if (advanced.rowCount !== filled.length) throw new FencedError(track);
  return { events: filled.reduce((sum, { count }) => sum + count, 0), parked };
}

/** Everything at once, one statement for each projection; none depends on another's answer, so they travel together. */
async function foldTogether(
  client: PoolClient,
  projections: readonly Projection[],
  { hasExceptions, isFlawed }: BatchState,
): Promise<number> {
  const whole = rawSql('batch');
  const taken = ({ name }: Projection) => (hasExceptions.has(name) ? takenBy(name) : whole);
  if (isFlawed) for (const one of projections) await assertReadable(client, one.events, taken(one));
  sendTogether(client);
  await Promise.all(
    projections.map((projection) => run(client, projection.fold(taken(projection), rawSql(projection.table)))),
  );
  return 0;
}

async function foldOneByOne(client: PoolClient, projections: readonly Projection[]): Promise<number> {
  let parked = 0;
  for (const projection of projections) parked += await foldIsolated(client, projection);
  return parked;
}

interface LiveMember {
  readonly name: string;
  readonly version: number;
}

/** The projections that the live track carries now. One that this process does not know, or knows otherwise, must not be passed by. */
function liveProjections(known: readonly Projection[], members: readonly LiveMember[]): Projection[] {
  return members.map((member) => {
    const projection = known.find(({ name, version }) => name === member.name && version === member.version);
    if (!projection)
      throw new Error(
        `the live track carries ${member.name} version ${member.version}, which this process does not have`,
      );
    return projection;
  });
}

function run(client: PoolClient, statement: Sql) {
  const { text, values } = statement.compile();
  return client.query(text, values);
}
