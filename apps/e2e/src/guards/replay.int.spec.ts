import 'reflect-metadata';
import { features } from '@innkeep/assembly';
import { eventCatalog, withhold } from '@innkeep/contracts';
import { Shard } from '@innkeep/platform/database';
import { LIVE_TRACK, Projector } from '@innkeep/platform/events';
import { MasterKeys } from '@innkeep/platform/privacy';
import { type TestDatabase, createTestDatabase, eventually, testMasterKeys } from '@innkeep/testing';
import { CommandBus } from '@nestjs/cqrs';
import type { TestingModule } from '@nestjs/testing';
import { openCommandApp } from './command-app';
import { Work } from './organizations-at-work';

const projections = features.flatMap((feature) => [...(feature.projections ?? [])]);
const COMMANDS = 110;

describe('the event log of an organization at work', () => {
  let database: TestDatabase;
  let app: TestingModule;
  let shard: Shard;
  const failures: unknown[] = [];
  const projectors: Projector[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await openCommandApp(database, 'replay');
    shard = await Shard.open('shard-1', { url: database.urlFor('projector'), poolSize: 3, applicationName: 'replay' });
  });
  afterAll(async () => {
    await Promise.all(projectors.map((projector) => projector.stop()));
    await app.close();
    await shard.close();
    await database.drop();
  });

  const startProjector = async () => {
    const projector = new Projector(
      shard,
      projections,
      [],
      {
        folded: () => undefined,
        reacted: () => undefined,
        failed: (error) => failures.push(error),
        parked: (organizations) => failures.push(`${organizations} parked`),
        outdated: (names) => failures.push(names),
      },
      MasterKeys.fromJson(testMasterKeys),
    );
    projectors.push(projector);
    await projector.start();
    return projector;
  };
  const catchUp = () =>
    eventually(async () => {
      const behind = await database.asAdmin(
        'select bucket from events.checkpoints c join events.buckets b using (bucket) where track = $1 and b.position > c.position',
        [LIVE_TRACK],
      );
      expect(behind).toEqual([]);
    });
  /** Every row of every read model, and of what is said about them. */
  const readModels = async () => {
    const contents: Record<string, unknown[]> = {};
    for (const table of [...projections.map((projection) => projection.table), 'events.projection_heads'])
      contents[table] = (
        await database.asAdmin<{ row: unknown }>(`select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`)
      ).map(({ row }) => row);
    return contents;
  };

  it('gives the same rows when it is replayed into empty read models as it gave while it was written', async () => {
    const following = await startProjector();
    const work = new Work(app.get(CommandBus));
    await work.begin();
    for (let n = 0; n < COMMANDS; n++) {
      await work.step(n);
      // Batches are cut wherever the projector happens to be; sometimes it is given the time to be up to date.
      if (n % 10 === 0) await catchUp();
      else following.hint();
    }
    await work.finish();
    await catchUp();
    await following.stop();
    const live = await readModels();
    for (const [table, rows] of Object.entries(live)) expect([table, rows.length > 0]).toEqual([table, true]);

    const tables = [...projections.map((projection) => projection.table), 'events.projection_heads'].join(', ');
    await database.asAdmin(`truncate ${tables}; update events.checkpoints set position = 0, recorded_at = '-infinity'`);
    const replaying = await startProjector();
    await catchUp();
    await replaying.stop();
    expect(await readModels()).toEqual(live);
    expect(failures).toEqual([]);
  });

  it('holds only what its event types allow, at the version they have', async () => {
    const events = await database.asAdmin<{ type: string; version: number; data: unknown }>(
      'select type, schema_version::int as version, data from events.log',
    );
    for (const { type, version, data } of events) {
      const known = eventCatalog.get(type);
      expect([type, known?.version]).toEqual([type, version]);
      expect([type, known!.schema.safeParse(withhold(data)).error?.issues]).toEqual([type, undefined]);
    }
    const seen = new Set(events.map(({ type }) => type));
    const finance = [...eventCatalog.keys()].filter(
      (type) => type.startsWith('Transaction') || type.startsWith('Property'),
    );
    expect(finance.filter((type) => !seen.has(type))).toEqual([]);
  });

  it('agrees with the write model about what was approved', async () => {
    const differences = await database.asAdmin(
      `select property_id, business_on, currency, sum(received)::bigint, sum(spent)::bigint, sum(n)::int from (
         select property_id, business_on, currency, received_cents as received, expenses_cents as spent, transaction_count as n from reports.daily_summary
         union all
         select property_id, business_on, currency, -case when kind = 'revenue' then amount_cents else 0 end,
           -case when kind = 'expense' then amount_cents else 0 end, -1
         from finance.transactions where status = 'approved' and deleted_at is null
       ) both_sides group by 1, 2, 3 having sum(received) <> 0 or sum(spent) <> 0 or sum(n) <> 0`,
    );
    expect(differences).toEqual([]);
  });
});
