import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shard } from '@innkeep/platform/database';
import { type TestOrganization, addOrganizations } from '@innkeep/testing';
import { Pool, type PoolClient } from 'pg';
import { createBatchTable } from './batch';
import { EventArchive } from './event-archive';
import { type LogUnderTest, openLog, projections, sums } from './log-under-test';
import { ProjectionOperations } from './projection-operations';
import { LIVE_TRACK, foldNextBatch } from './projection-runner';
import { defineReactor } from './reactor';
import { reactToNextBatch } from './reactor-runner';
import { registerTracks } from './registration';

const allBuckets = Array.from({ length: 1_024 }, (_, bucket) => bucket);
export const watcher = defineReactor({
  name: 'watcher',
  trails: [],
  events: sums.events,
  react: async () => undefined,
});

/** A log of this month and the three before it, 16 events in each of those, all of them folded and seen by a reactor. */
export class ArchiveUnderTest {
  private constructor(
    readonly log: LogUnderTest,
    readonly shard: Shard,
    private readonly client: PoolClient,
    /** Connections of the role that owns the log. */
    readonly owner: Pool,
    readonly folder: string,
    readonly organizations: readonly TestOrganization[],
    /** By how many months ago they were, as `YYYY-MM`. */
    readonly months: readonly string[],
  ) {}

  static async open(): Promise<ArchiveUnderTest> {
    const log = await openLog();
    await log.asAdmin(
      `alter schema tally owner to innkeep_migrator; alter table tally.sums owner to innkeep_migrator;
       alter table tally.names owner to innkeep_migrator; alter table tally.counts owner to innkeep_migrator`,
    );
    const shard = await log.openShard();
    await registerTracks(shard.pool, projections, [watcher]);
    const client = await shard.pool.connect();
    await client.query(createBatchTable);
    const owner = new Pool({ connectionString: log.database.urlFor('migrator'), max: 2 });
    const folder = await mkdtemp(join(tmpdir(), 'innkeep-archive-'));
    const organizations = await addOrganizations(log.database, [1, 2, 2, 500]);
    const rows = await log.asAdmin<{ month: string }>(
      `select to_char(date_trunc('month', now() at time zone 'UTC') - make_interval(months => n), 'YYYY-MM') as month from generate_series(0, 3) n order by n`,
    );
    const months = rows.map(({ month }) => month);
    const under = new ArchiveUnderTest(log, shard, client, owner, folder, organizations, months);
    for (const monthsAgo of [3, 2, 1, 0]) await under.write(monthsAgo);
    return under;
  }

  get archive(): EventArchive {
    return new EventArchive(this.owner);
  }

  get operations(): ProjectionOperations {
    return new ProjectionOperations(this.shard.pool, projections);
  }

  month = (monthsAgo: number): string => this.months[monthsAgo]!;

  async fold(): Promise<void> {
    const request = { track: LIVE_TRACK, projections, owned: allBuckets };
    while ((await foldNextBatch(this.client, request)).events > 0);
  }

  async react(reactor = watcher): Promise<void> {
    while ((await reactToNextBatch(this.client, reactor, allBuckets)) > 0);
  }

  wholeLog = () => this.log.asAdmin('select * from events.log order by bucket, position');

  /** What is older than this month, to the last digit. */
  oldLog = () =>
    this.log.asAdmin(
      `select e::text from events.log e where recorded_at < date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' order by bucket, position`,
    );

  /** Writes to all organizations as if it had been so many months ago. */
  private async write(monthsAgo: number): Promise<void> {
    for (const [index, organization] of this.organizations.entries())
      await this.log.write(organization, [monthsAgo * 10 + index, `Zoë "${monthsAgo}"\n{`, undefined, -monthsAgo]);
    if (monthsAgo > 0) await this.age(this.month(monthsAgo));
    await this.fold();
    await this.react();
  }

  private async age(month: string): Promise<void> {
    const partition = `events.log_${month.replace('-', '_')}`;
    await this.log.asAdmin(
      `set time zone 'UTC';
       create table ${partition} partition of events.log for values from ('${month}-01') to ('${month}-01'::date + interval '1 month');
       alter table ${partition} owner to innkeep_migrator; select app.protect('${partition}');
       update events.log set recorded_at = '${month}-01'::timestamptz + interval '10 days' + position * interval '1 microsecond'
         where recorded_at >= date_trunc('month', now())`,
    );
  }

  async close(): Promise<void> {
    this.client.release();
    await this.owner.end();
    await this.log.close();
    await rm(this.folder, { recursive: true });
  }
}
