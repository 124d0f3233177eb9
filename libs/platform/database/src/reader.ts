import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@innkeep/contracts';
import { isPlanOutdated, sendTogether } from './connections';
import type { Directory, OrganizationRoute } from './directory';
import type { Shards } from './shards';
import { type Sql, sql } from './sql';
import { asUnavailable, databaseProblems } from './unavailable';

/** What a read needs to know besides its statement. */
export interface ReadRequest {
  readonly organizationId: number;
  /** The state the caller must at least see; the read waits a little for it. */
  readonly minPosition?: number;
  /** The read models the statement looks at. None: the write model, which is never behind. */
  readonly projections?: readonly string[];
  /** The statement looks at the write model too, so any change of the organization may change the answer. */
  readonly readsState?: boolean;
  /** Tags of the answer; a purge that is still on its way for one of them shortens the answer's life at the edge. */
  readonly tags?: readonly string[];
}

/** How the organization stood in the snapshot that the rows were read in. */
export interface Freshness {
  /** The organization's version that the rows show at least. */
  readonly position: number;
  /** The version at which the rows could have changed last: what a weak ETag is made of. */
  readonly changed: number;
  readonly isPurgePending: boolean;
  /** The bucket's epoch: positions of different epochs do not compare. */
  readonly epoch: number;
  /** How long the database was at it, with the wait for a connection and without that for a position, in milliseconds. */
  readonly dbMs: number;
}

export interface Snapshot<Row> extends Freshness {
  readonly rows: Row[];
}

type Looked<Row> = Omit<Snapshot<Row>, 'dbMs'>;

/** The longest a read waits for a position, and the steps in which it looks again. No connection is held in between. */
const WAIT_MS = 500;
const STEPS_MS = [2, 4, 8, 15, 25, 40];
/** As many connections as a pool may hold. */
const MAX_OUTDATED = 500;

/** Reads of one organization: row-level security set, one snapshot for the rows and for what is said about their age. */
export class Reader {
  constructor(
    private readonly directory: Directory,
    private readonly shards: Shards,
  ) {}

  /**
   * Runs one SELECT. If the read models have not reached `minPosition`, looks again for up to 500 ms; after that the answer is what
   * there is, and says by its position how far it is.
   */
  async read<Row>(request: ReadRequest, statement: (route: OrganizationRoute) => Sql): Promise<Snapshot<Row>> {
    try {
      const route = await this.directory.route(request.organizationId);
      if (!route)
        throw new DomainError(
          databaseProblems['organization-not-found'],
          'The directory knows no organization by this id.',
        );
      const deadline = performance.now() + WAIT_MS;
      let dbMs = 0;
      for (let step = 0; ; step++) {
        const startedAt = performance.now();
        const snapshot = await this.current<Row>(route, request, statement(route));
        dbMs += performance.now() - startedAt;
        const pause = Math.min(STEPS_MS[step] ?? STEPS_MS.at(-1)!, deadline - performance.now());
        if (snapshot.position >= (request.minPosition ?? 0) || pause <= 0) return { ...snapshot, dbMs };
        await sleep(pause);
      }
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  /** How the organization stands, without rows: enough to answer a conditional request. */
  async freshness(request: ReadRequest): Promise<Freshness> {
    return this.read(request, () => sql`select 1`);
  }

  /** Reads, and again where a table was swapped meanwhile; a plan that has outlived its table is made anew, on another connection. */
  private async current<Row>(route: OrganizationRoute, request: ReadRequest, statement: Sql): Promise<Looked<Row>> {
    for (let attempt = 1; ; attempt++) {
      try {
        const snapshot = await this.once<Row>(route, request, statement);
        if (snapshot || attempt > MAX_OUTDATED) return snapshot ?? neverStill();
      } catch (error) {
        // Every connection of the pool may hold such a plan; each one that does is given up.
        if (!isPlanOutdated(error) || attempt > MAX_OUTDATED) throw error;
      }
    }
  }

  /** One read in one snapshot; nothing if a table was swapped between the snapshot and the look at it. */
  private async once<Row>(
    route: OrganizationRoute,
    request: ReadRequest,
    statement: Sql,
  ): Promise<Looked<Row> | undefined> {
    const client = await this.shards.get(route.shard).connect();
    let broken: Error | undefined;
    try {
      const { text, values } = statement.compile();
      const freshness = freshnessStatement(route, request).compile();
      sendTogether(client);
      const [, answer, age] = await Promise.all([
        // One snapshot for all statements: the position said is the position of the rows. The id is a number, so it may stand in
        // the text, and both go as one message.
        client.query(
          `begin isolation level repeatable read read only; select set_config('app.organization_id', '${Number(route.organizationId)}', true)`,
        ),
        client.query(text, values),
        // Behind the rows, whose tables are held from there on: a swap that they did not see cannot come any more.
        client.query<FreshnessRow>(freshness.text, freshness.values),
        client.query('commit'),
      ]);
      const { applied, changed, is_purge_pending, is_swapped } = age.rows[0]!;
      if (is_swapped) return undefined;
      return {
        rows: answer.rows as Row[],
        position: Number(applied),
        changed: Number(changed),
        isPurgePending: is_purge_pending,
        epoch: route.epoch,
      };
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => (broken = failure));
      if (isPlanOutdated(error)) broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

interface FreshnessRow {
  readonly applied: string;
  readonly changed: string;
  readonly is_purge_pending: boolean;
  readonly is_swapped: boolean;
}

function neverStill(): never {
  throw new Error('the tables of this read are swapped all the time');
}

const freshnessStatement = (
  { bucket, organizationId }: OrganizationRoute,
  { projections = [], tags = [], readsState = projections.length === 0 }: ReadRequest,
): Sql =>
  sql`select applied, changed, is_purge_pending, events.is_swapped(${projections}::text[]) as is_swapped
    from events.freshness(${bucket}::smallint, ${organizationId}::bigint, ${projections}::text[], ${tags}::text[], ${readsState}::boolean)`;
