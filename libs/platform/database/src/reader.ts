import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, type Sql as PortSql } from '@innkeep/contracts';
import type { PoolClient } from 'pg';
import { isPlanOutdated, sendTogether } from './connections';
import { DirectAnswers } from './direct-answers';
import type { Directory, OrganizationRoute } from './directory';
import type { Shards } from './shards';
import {
  type Freshness,
  type FreshnessRow,
  type Looked,
  type ModelSnapshot,
  type ReadRequest,
  type Snapshot,
  freshnessStatement,
  toSnapshot,
} from './snapshot';
import { type Sql, sql } from './sql';
import { asUnavailable, databaseProblems } from './unavailable';

/** What a reader tells about itself, for metrics. */
export interface ReaderObserver {
  /** Somebody was answered while a read model that stands still was behind: from the write model, or from what the model holds. */
  servedStale(readModel: string, from: 'write-model' | 'read-model'): void;
}

/** The longest a read waits for a position, and the steps in which it looks again. No connection is held in between. */
const WAIT_MS = 500;
const STEPS_MS = [2, 4, 8, 15, 25, 40];
/** As many connections as a pool may hold. */
const MAX_OUTDATED = 500;

/** Reads of one organization: row-level security set, one snapshot for the rows and for what is said about their age. */
export class Reader {
  private readonly directAnswers = new DirectAnswers();

  constructor(
    private readonly directory: Directory,
    private readonly shards: Shards,
    private readonly observer: ReaderObserver = { servedStale: () => undefined },
  ) {}

  /**
   * Runs one SELECT. If the read models have not reached `minPosition`, looks again for up to 500 ms; after that the answer is what
   * there is, and says by its position how far it is. While one of them stands still and is behind nothing is waited for: the write
   * model is asked, where the request says how.
   */
  async read<Row>(request: ReadRequest, statement: (route: OrganizationRoute) => Sql): Promise<Snapshot<Row>> {
    try {
      const route = await this.directory.route(request.organizationId);
      if (!route) throw unknownOrganization();
      const deadline = performance.now() + WAIT_MS;
      let dbMs = 0;
      for (let step = 0; ; step++) {
        const startedAt = performance.now();
        const asked = statement(route);
        const found = await this.current(() => this.once<Row>(route, request, asked));
        const isStill = found.standingStill.length > 0;
        const snapshot = isStill ? await this.whileStanding(route, request, asked, found) : found;
        dbMs += performance.now() - startedAt;
        const pause = Math.min(STEPS_MS[step] ?? STEPS_MS.at(-1)!, deadline - performance.now());
        if (isStill || snapshot.position >= (request.minPosition ?? 0) || pause <= 0) return { ...snapshot, dbMs };
        await sleep(pause);
      }
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  /**
   * What several features have to say, in one snapshot: each is asked through its port, and answers from its write model. For what no
   * statement of one feature can tell, and seldom asked: it takes a round trip for each question.
   */
  async gather<Body>(
    request: Pick<ReadRequest, 'organizationId' | 'minPosition' | 'tags'>,
    ask: (port: PortSql) => Promise<Body>,
  ): Promise<Snapshot<Body>> {
    try {
      const route = await this.directory.route(request.organizationId);
      if (!route) throw unknownOrganization();
      const startedAt = performance.now();
      const snapshot = await this.current(() => this.onceGathered(route, request, ask));
      return { ...snapshot, dbMs: performance.now() - startedAt };
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  /** How the organization stands, without rows: enough to answer a conditional request. */
  async freshness(request: ReadRequest): Promise<Freshness> {
    return this.read(request, () => sql`select 1`);
  }

  private async whileStanding<Row>(
    route: OrganizationRoute,
    request: ReadRequest,
    asked: Sql,
    snapshot: ModelSnapshot<Row>,
  ): Promise<Looked<Row>> {
    const { direct, tags, organizationId, minPosition = 0 } = request;
    // As if a purge were on its way: the next event reaches nobody who would have this answer forgotten, so nobody may keep it.
    const unkept = { ...snapshot, isPurgePending: true };
    // It stands still, and there is nothing that it does not hold.
    if (snapshot.position >= snapshot.head) return unkept;
    for (const readModel of snapshot.standingStill)
      this.observer.servedStale(readModel, direct ? 'write-model' : 'read-model');
    if (!direct) return unkept;
    const { text, values } = asked.compile();
    const answer = await this.directAnswers.answer(
      JSON.stringify([organizationId, text, values]),
      Math.max(minPosition, snapshot.position),
      () => this.current(() => this.onceDirectly<Row>(route, { organizationId, tags }, direct)),
    );
    return { ...answer, isDirect: true, isPurgePending: true };
  }

  /** Reads, and again where a table was swapped meanwhile; a plan that has outlived its table is made anew, on another connection. */
  private async current<Found>(read: () => Promise<Found | undefined>): Promise<Found> {
    for (let attempt = 1; ; attempt++) {
      try {
        const found = await read();
        if (found || attempt > MAX_OUTDATED) return found ?? neverStill();
      } catch (error) {
        // Every connection of the pool may hold such a plan; each one that does is given up.
        if (!isPlanOutdated(error) || attempt > MAX_OUTDATED) throw error;
      }
    }
  }

  /** One read in one snapshot; nothing if a table was swapped between the snapshot and the look at it. */
  private once<Row>(
    route: OrganizationRoute,
    request: ReadRequest,
    statement: Sql,
  ): Promise<ModelSnapshot<Row> | undefined> {
    return this.onConnection(route, async (client) => {
      const asOf = new Date();
      const { text, values } = statement.compile();
      const freshness = freshnessStatement(route, request).compile();
      sendTogether(client);
      const [, answer, age] = await Promise.all([
        client.query(beginFor(route)),
        client.query(text, values),
        // Behind the rows, whose tables are held from there on: a swap that they did not see cannot come any more.
        client.query<FreshnessRow>(freshness.text, freshness.values),
        client.query('commit'),
      ]);
      return age.rows[0]!.is_swapped ? undefined : toSnapshot<Row>(answer.rows, age.rows[0]!, route, asOf);
    });
  }

  private onceGathered<Body>(
    route: OrganizationRoute,
    request: ReadRequest,
    ask: (port: PortSql) => Promise<Body>,
  ): Promise<Looked<Body>> {
    return this.onConnection(route, async (client) => {
      const asOf = new Date();
      const freshness = freshnessStatement(route, request).compile();
      await client.query(beginFor(route));
      const body = await ask(portOn(client, route));
      const age = await client.query<FreshnessRow>(freshness.text, freshness.values);
      await client.query('commit');
      return toSnapshot<Body>([body], age.rows[0]!, route, asOf);
    });
  }

  /** One read of the write model in one snapshot, for which other features are asked first. */
  private onceDirectly<Row>(
    route: OrganizationRoute,
    request: ReadRequest,
    direct: NonNullable<ReadRequest['direct']>,
  ): Promise<Looked<Row>> {
    return this.onConnection(route, async (client) => {
      const asOf = new Date();
      const freshness = freshnessStatement(route, request).compile();
      await client.query(beginFor(route));
      const { text, values } = (await direct(portOn(client, route))).compile();
      const answer = await client.query(text, values);
      const age = await client.query<FreshnessRow>(freshness.text, freshness.values);
      await client.query('commit');
      return toSnapshot<Row>(answer.rows, age.rows[0]!, route, asOf);
    });
  }

  private async onConnection<Result>(
    { shard }: OrganizationRoute,
    work: (client: PoolClient) => Promise<Result>,
  ): Promise<Result> {
    const client = await this.shards.get(shard).connect();
    let broken: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => (broken = failure));
      if (isPlanOutdated(error)) broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

/**
 * One snapshot for all statements: the position said is the position of the rows. The id is a number, so it may stand in the text,
 * and both go as one message.
 */
const beginFor = ({ organizationId }: OrganizationRoute): string =>
  `begin isolation level repeatable read read only; select set_config('app.organization_id', '${Number(organizationId)}', true)`;

const portOn = (client: PoolClient, { bucket, organizationId }: OrganizationRoute): PortSql => ({
  bucket,
  organizationId,
  query: async <Row>(text: string, values: readonly unknown[] = []) =>
    (await client.query(text, [...values])).rows as Row[],
});

const unknownOrganization = () =>
  new DomainError(databaseProblems['organization-not-found'], 'The directory knows no organization by this id.');

function neverStill(): never {
  throw new Error('the tables of this read are swapped all the time');
}
