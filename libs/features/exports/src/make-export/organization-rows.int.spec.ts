import { Directory, Shard, Shards } from '@innkeep/platform/database';
import type { ExportedTable } from '@innkeep/platform/feature';
import { type TestDatabase, type TestOrganization, addOrganizations, createTestDatabase } from '@innkeep/testing';
import { Pool } from 'pg';
import { withSnapshot } from './organization-rows.query';

const rows: ExportedTable = { table: 'mail.asks', columns: ['kind', 'subject', 'due_at'], key: ['kind', 'subject'] };

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('the rows of an organization', () => {
  let database: TestDatabase;
  let shards: Shards;
  let pool: Pool;
  let where: { directory: Directory; shards: Shards };
  let own: TestOrganization;
  let neighbour: TestOrganization;
  beforeAll(async () => {
    database = await createTestDatabase();
    const url = database.urlFor('worker');
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 2, applicationName: 'worker-under-test' })]);
    pool = new Pool({ connectionString: url, max: 1 });
    where = { directory: new Directory(pool), shards };
    [own, neighbour] = (await addOrganizations(database, [7, 7])) as [TestOrganization, TestOrganization];
    await ask(own, 'export', 2_345);
    await ask(neighbour, 'not-yours', 10);
  });
  afterAll(async () => {
    await shards.close();
    await pool.end();
    await database.drop();
  });

  const ask = ({ bucket, organizationId }: TestOrganization, kind: string, count: number) =>
    database.asAdmin(
      `insert into mail.asks (bucket, organization_id, kind, subject, due_at) select $1, $2, $3, n::text, '2026-03-01T12:00Z' from generate_series(1, $4) n`,
      [bucket, organizationId, kind, count],
    );

  it('are read a page at a time, each once, with names and times as the API has them', async () => {
    await withSnapshot(where, own.organizationId, async ({ pagesOf }) => {
      const pages = await all(pagesOf(rows));
      expect(pages.map(({ length }) => length)).toEqual([1_000, 1_000, 345]);
      const read = pages.flat().map((line) => JSON.parse(line) as { kind: string; subject: string; dueAt: string });
      expect(new Set(read.map(({ subject }) => subject)).size).toBe(2_345);
      expect(read[0]).toEqual({ kind: 'export', subject: '1', dueAt: '2026-03-01T12:00:00+00:00' });
    });
  });

  it('are those of one moment, whatever is written meanwhile, and nobody else’s', async () => {
    // Where row-level security would not help: the worker sees the mails of all.
    const security = { ...rows, table: 'properties.properties', columns: ['id'], key: ['id'] };
    const add = ({ bucket, organizationId }: TestOrganization, id: number) =>
      database.asAdmin(
        `insert into properties.properties (bucket, organization_id, id, name, time_zone, currency, business_day_starts_at, version)
         values ($1, $2, $3, 'x', 'UTC', 'EUR', '00:00', 1)`,
        [bucket, organizationId, id],
      );
    await add(own, 1);
    await add(neighbour, 2);
    const read = await withSnapshot(where, own.organizationId, async ({ pagesOf }) => {
      await add(own, 3);
      await ask(own, 'late', 5);
      return [...(await all(pagesOf(security))), ...(await all(pagesOf(rows)))].flat();
    });
    expect(read[0]).toContain('"id" : 1');
    expect(read.length).toBe(1 + 2_345);
    expect(read.join()).not.toMatch(/late|not-yours/);
  });
});
