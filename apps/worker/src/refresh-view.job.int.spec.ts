import { finance } from '@innkeep/features/finance';
import { readViews } from '@innkeep/features/operations';
import { Shard, Shards } from '@innkeep/platform/database';
import { type TestDatabase, addOrganizations, createTestDatabase, eventually } from '@innkeep/testing';
import { Client } from 'pg';
import { declareViews, refreshView } from './refresh-view.job';
import { viewsProbe } from './views';

const views = finance.views!;
const daily = 'finance.finance_daily_summary';

describe('the refresh of views', () => {
  let database: TestDatabase;
  let shards: Shards;
  beforeAll(async () => {
    database = await createTestDatabase();
    const url = database.urlFor('worker');
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 4, applicationName: 'worker-under-test' })]);
    await declareViews(shards, views);
    const [one, other] = await addOrganizations(database, [3, 4]);
    for (const [{ organizationId, bucket }, propertyId] of [
      [one!, 1],
      [other!, 2],
    ] as const)
      await database.asAdmin(
        `insert into finance.transactions (bucket, organization_id, id, kind, property_id, amount_cents, currency, description, occurred_at, business_on, status, recorded_by, version)
         select $1, $2, gen_random_uuid(), kind, $3, amount, 'EUR', 'x', now(), day::date, status, 1, 1 from (values
           ('revenue', 100, '2026-03-01', 'approved'), ('revenue', 50, '2026-03-01', 'approved'), ('expense', 30, '2026-03-02', 'approved'),
           ('expense', 99, '2026-03-02', 'pending')) t(kind, amount, day, status)`,
        [bucket, organizationId, propertyId],
      );
  });
  afterAll(async () => {
    await shards.close();
    await database.drop();
  });

  const asViewer = async (text: string) => {
    const client = new Client({ connectionString: database.urlFor('viewer') });
    await client.connect();
    try {
      return (await client.query(text)).rows as unknown[];
    } finally {
      await client.end();
    }
  };
  /** The pause after a refresh is over. */
  const rest = () =>
    database.asAdmin(
      `update operations.view_refreshes set refreshed_at = refreshed_at - 10 * duration - interval '1 minute' where name = $1`,
      [daily],
    );
  const state = async (name: string) => (await readViews(shards)).find((view) => view.name === name)!;

  it('knows each of the cadences, and that nothing is filled yet', async () => {
    const known = await readViews(shards);
    expect(
      known.map(({ name, everySeconds, isFilled, refreshedAt }) => ({ name, everySeconds, isFilled, refreshedAt })),
    ).toEqual(
      [...views]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((view) => ({ ...view, isFilled: false, refreshedAt: null })),
    );
    await expect(asViewer(`select from ${daily}`)).rejects.toThrow('has not been populated');
  });

  it('fills a view the first time, and shows it to the viewer and to no process', async () => {
    for (const { name } of views) expect(await refreshView(shards, name)).toMatchObject({ outcome: 'refreshed' });
    expect(
      await asViewer(
        `select property_id::int as property, date::text, revenue_cents::int as revenue, expense_cents::int as expense from ${daily} order by 1, 2`,
      ),
    ).toEqual(
      [1, 2].flatMap((property) => [
        { property, date: '2026-03-01', revenue: 150, expense: 0 },
        { property, date: '2026-03-02', revenue: 0, expense: 30 },
      ]),
    );
    expect(
      await asViewer(
        `select month::text, organizations::int, transaction_count::int as transactions, revenue_cents::int as revenue from finance.finance_monthly_report`,
      ),
    ).toEqual([{ month: '2026-03-01', organizations: 2, transactions: 6, revenue: 300 }]);
    for (const role of ['api', 'projector', 'worker'] as const) {
      const client = new Client({ connectionString: database.urlFor(role) });
      await client.connect();
      for (const { name } of views)
        await expect(client.query(`select from ${name}`)).rejects.toThrow('permission denied');
      await client.end();
    }
  });

  it('puts a refresh off until ten times as long has passed as the last one took', async () => {
    await database.asAdmin(
      `update operations.view_refreshes set refreshed_at = now(), duration = interval '30 seconds' where name = $1`,
      [daily],
    );
    const { outcome, waitSeconds } = await refreshView(shards, daily);
    expect(outcome).toBe('early');
    expect(waitSeconds).toBeGreaterThan(200);
    expect(waitSeconds).toBeLessThanOrEqual(300);
    const { refreshedAt, dueAt } = await state(daily);
    expect(new Date(dueAt).getTime() - new Date(refreshedAt!).getTime()).toBe(300_000);
    await rest();
    expect(await refreshView(shards, daily)).toMatchObject({ outcome: 'refreshed' });
  });

  it('is never done by two at once, and readers see the view meanwhile', async () => {
    await rest();
    // Somebody reads on: a refresh that is not concurrent would wait for him, one that is waits for nobody but another refresh.
    const holder = new Client({ connectionString: database.urlFor('worker') });
    await holder.connect();
    await holder.query('begin');
    expect((await holder.query(`select outcome from operations.refresh_view($1)`, [daily])).rows).toEqual([
      { outcome: 'refreshed' },
    ]);
    const others = await Promise.all(Array.from({ length: 3 }, () => refreshView(shards, daily)));
    expect(others.map(({ outcome }) => outcome)).toEqual(['running', 'running', 'running']);
    expect(await asViewer(`select count(*)::int as rows from ${daily}`)).toEqual([{ rows: 4 }]);
    await holder.query('commit');
    await holder.end();
    // The pause goes by how long it took, and on a slow machine that is over by now.
    await database.asAdmin(`update operations.view_refreshes set duration = interval '30 seconds' where name = $1`, [
      daily,
    ]);
    expect((await refreshView(shards, daily)).outcome).toBe('early');
  });

  it('shows what was recorded meanwhile, while somebody reads', async () => {
    const reader = new Client({ connectionString: database.urlFor('viewer') });
    await reader.connect();
    await reader.query(`begin; select from ${daily}`);
    await database.asAdmin(
      `update finance.transactions set status = 'approved' where status = 'pending' and property_id = 1`,
    );
    await rest();
    expect((await refreshView(shards, daily)).outcome).toBe('refreshed');
    await reader.query('commit');
    await reader.end();
    expect(
      await asViewer(
        `select expense_cents::int as expense from ${daily} where property_id = 1 and date = '2026-03-02'`,
      ),
    ).toEqual([{ expense: 129 }]);
  });

  it('says in health which views have been due for long', async () => {
    expect(await viewsProbe(shards).probe()).toMatchObject({ oldestSeconds: expect.any(Number) });
    await database.asAdmin(
      `update operations.view_refreshes set refreshed_at = now() - interval '16 minutes' where name = $1`,
      [daily],
    );
    expect(await state(daily)).toMatchObject({ isOverdue: true });
    await expect(viewsProbe(shards).probe()).rejects.toThrow(`not refreshed for long: ${daily}`);
    await refreshView(shards, daily);
    await eventually(async () => expect(await state(daily)).toMatchObject({ isOverdue: false }));
  });

  it('refuses what is no view', async () => {
    await expect(refreshView(shards, 'finance.transactions')).rejects.toThrow('there is no materialized view');
    await expect(refreshView(shards, 'finance.nothing')).rejects.toThrow('there is no materialized view');
  });

  it('forgets a view that is declared no more', async () => {
    await declareViews(shards, views.slice(1));
    expect((await readViews(shards)).map(({ name }) => name)).not.toContain(views[0]!.name);
    await declareViews(shards, views);
    expect(await state(views[0]!.name)).toMatchObject({ isFilled: true, refreshedAt: null });
  });
});
