import 'reflect-metadata';
import { exportedBy, features } from '@innkeep/assembly';
import { type TestDatabase, createTestDatabase } from '@innkeep/testing';

const { tables, leftOut = {} } = exportedBy(features);

/** Whom the rows belong to is said once, in the manifest. */
const saidByTheManifest = ['bucket', 'organization_id'];

describe('an export', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const tenantTables = () =>
    database.asAdmin<{ name: string; columns: string[]; readable: string[] }>(
      `select c.oid::regclass::text as name, array_agg(a.attname::text order by a.attnum) as columns,
         coalesce(array_agg(a.attname::text) filter (where has_column_privilege('innkeep_worker', c.oid, a.attnum, 'select')), '{}') as readable
       from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relkind in ('r', 'p') and not c.relispartition and n.nspname <> 'directory' and exists (
         select from pg_attribute o where o.attrelid = c.oid and o.attname = 'organization_id' and not o.attisdropped)
       group by c.oid order by 1`,
    );

  it('holds every table with an organization, or says why not', async () => {
    const names = (await tenantTables()).map(({ name }) => name);
    expect([...tables.map(({ table }) => table), ...Object.keys(leftOut)].sort()).toEqual(names.sort());
    for (const reason of Object.values(leftOut)) expect(reason).not.toBe('');
  });

  it('holds every column of them, or says why not', async () => {
    const all = new Map((await tenantTables()).map((table) => [table.name, table]));
    for (const { table, columns, withheld = {} } of tables) {
      const named = columns.map((column) => (typeof column === 'string' ? column : column.name));
      expect([table, [...saidByTheManifest, ...named, ...Object.keys(withheld)].sort()]).toEqual([
        table,
        [...all.get(table)!.columns].sort(),
      ]);
    }
  });

  it('cannot hold a secret, because who makes it may not read one', async () => {
    const all = new Map((await tenantTables()).map((table) => [table.name, table]));
    const secrets = tables.flatMap(({ table, withheld = {} }) =>
      Object.entries(withheld).flatMap(([column, why]) => (why === 'a secret' ? [[table, column] as const] : [])),
    );
    expect(secrets.length).toBeGreaterThan(2);
    for (const [table, column] of secrets) expect(all.get(table)!.readable).not.toContain(column);
  });
});
