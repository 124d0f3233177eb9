import { type Sql, rawSql, runSql, sendTogether } from '@innkeep/platform/database';
import type { MasterKeys } from '@innkeep/platform/privacy';
import type { PoolClient, QueryResult } from 'pg';
import {
  type BatchTable,
  type BucketAdvance,
  advanceCheckpoints,
  fillBatch,
  findExceptions,
  noteChanges,
  takenBy,
} from './batch';
import { isDeterministic } from './deterministic-error';
import { FencedError } from './fenced-error';
import { foldIsolated } from './isolation';
import { inTransaction } from './in-transaction';
import { MissingEventsError } from './missing-events-error';
import { assertReadable, prepareBatch } from './preparation';
import { type Projection, foldOf } from './projection';

/** All live projections advance together on this track. */
export const LIVE_TRACK = 'live';

/**
 * How many events one transaction folds at most. They do not leave the database, so this is not memory of the process; beyond it what
 * a transaction costs by itself hardly shows any more.
 */
export const BATCH_SIZE = 4_000;

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
  /** Where the batch is read into; for a few events the small one is cheaper. */
  readonly batch?: BatchTable;
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
    return await inTransaction(client, () => foldBatch(client, request));
  } catch (error) {
    if (!isDeterministic(error)) throw error;
    return inTransaction(client, () => foldBatch(client, request, true));
  }
}

/** The same for callers that hold a transaction of their own. */
export async function foldOrPark(client: PoolClient, request: FoldRequest): Promise<FoldResult> {
  const saved = client.query('savepoint batch');
  try {
    const [result] = await Promise.all([foldBatch(client, request), saved]);
    return result;
  } catch (error) {
    if (!isDeterministic(error)) throw error;
    await client.query('rollback to savepoint batch');
    return foldBatch(client, request, true);
  }
}

/** What a fold has to know of the batch. */
interface BatchState {
  /** The projections that have organizations parked or events skipped. */
  readonly hasExceptions: ReadonlySet<string>;
  /** Whether some of its events cannot be read. */
  readonly isFlawed: boolean;
  readonly batch: BatchTable;
}

/**
 * Folds the next batch and advances the checkpoint. While it isolates, organizations whose events cannot be folded are looked for and
 * parked; else such an event fails the batch.
 */
export async function foldBatch(client: PoolClient, request: FoldRequest, isIsolating = false): Promise<FoldResult> {
  const { track, ceilingTrack, projections, owned, limit = BATCH_SIZE, notesChanges = true, masterKeys } = request;
  const { batch = 'batch' } = request;
  const [{ rows }, exceptions, members] = await Promise.all([
    runSql(client, request.fill ?? fillBatch(track, ceilingTrack, owned, limit, batch)),
    runSql(client, findExceptions),
    // Read behind the batch: if a projection leaves or joins after this, the batch's generation is no longer the track's.
    runSql(client, rawSql(`select name, version from events.projections where track = '${LIVE_TRACK}'`)),
  ]);
  const filled = rows as FilledBucket[];
  if (filled.length === 0) return NOTHING;
  const torn = filled.find(({ hasGap }) => hasGap);
  if (torn) throw MissingEventsError.behind(torn.bucket, torn.from);
  const present = track === LIVE_TRACK ? liveProjections(projections, members.rows as LiveMember[]) : projections;
  const types = new Set(filled.flatMap((bucket) => bucket.types));
  const concerned = present.filter(({ events }) => events.some(({ type }) => types.has(type)));
  const taken = concerned.flatMap(({ events }) => events.filter(({ type }) => types.has(type)));
  const isFlawed = (await prepareBatch(client, taken, masterKeys, batch)) > 0;
  const hasExceptions = new Set(exceptions.rows.map(({ projection }) => projection as string));
  const statements: Sql[] = [];
  let parked = 0;
  if (isIsolating) for (const one of concerned) parked += await foldIsolated(client, one, batch);
  else statements.push(...(await foldsOf(client, concerned, { hasExceptions, isFlawed, batch })));
  const takes = concerned.flatMap(({ name, events }) =>
    events.filter(({ type }) => types.has(type)).map(({ type }) => [name, type] as const),
  );
  const advance = statements.push(advanceCheckpoints([track], filled)) - 1;
  // Behind the checkpoints: an organization that rejoins a read model holds those first, and then notes its changes in the same row.
  if (notesChanges && takes.length > 0) statements.push(noteChanges(takes, batch));
  // How many checkpoints were advanced says whether they were where the batch was read from.
  const { rowCount } = (await runTogether(client, statements))[advance]!;
  if (rowCount !== filled.length) throw new FencedError(track);
  return { events: filled.reduce((sum, { count }) => sum + count, 0), parked };
}

/** The fold of each projection: one statement, and none depends on another's answer. */
async function foldsOf(
  client: PoolClient,
  projections: readonly Projection[],
  { hasExceptions, isFlawed, batch }: BatchState,
): Promise<Sql[]> {
  const whole = rawSql(batch);
  const taken = ({ name }: Projection) => (hasExceptions.has(name) ? takenBy(name, batch) : whole);
  if (isFlawed) for (const one of projections) await assertReadable(client, one.events, taken(one));
  return Promise.all(projections.map((projection) => foldOf(client, projection, taken(projection))));
}

/** Statements that do not need each other's answers travel together: when one fails, PostgreSQL refuses those behind it. */
function runTogether(client: PoolClient, statements: readonly Sql[]): Promise<QueryResult[]> {
  // Put together before any of them is sent: what cannot be leaves the connection as it is.
  const compiled = statements.map((statement) => statement.compile());
  sendTogether(client);
  return Promise.all(compiled.map(({ text, values }) => client.query(text, values)));
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
