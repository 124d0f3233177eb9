import {
  type TestDatabase,
  type TestOrganization,
  addOrganizations,
  createTestDatabase,
  withSession,
} from '@innkeep/testing';
import type { Client } from 'pg';
import { fillTenantTables, type TenantTable } from './tenant-rows-under-test';

/** What a role sees of all organizations, because its work is done for all of them at once. */
const crossTenant: Record<string, readonly string[]> = {
  api: [],
  worker: ['edge.purge_asks', 'edge.purge_receipts', 'mail.asks'],
};

describe.each(['api', 'worker'] as const)('row-level security, for the role %s', (role) => {
  let database: TestDatabase;
  let mine: TestOrganization;
  let theirs: TestOrganization;
  let tables: readonly TenantTable[];

  beforeAll(async () => {
    database = await createTestDatabase();
    [mine, theirs] = (await addOrganizations(database, [5, 5])) as [TestOrganization, TestOrganization];
    tables = (await fillTenantTables(database, role, [mine, theirs])).filter(
      ({ name }) => !crossTenant[role]!.includes(name),
    );
  });
  afterAll(() => database.drop());

  const readable = () => tables.filter(({ privileges }) => privileges.includes('select'));
  const count = async (session: Client, table: string) =>
    Number((await session.query(`select count(*) from ${table}`)).rows[0].count);
  const actAs = (session: Client, organizationId: number) =>
    session.query(`select set_config('app.organization_id', $1, false)`, [String(organizationId)]);
  /** Runs a statement for each table and answers which of them were not refused by a policy. */
  const unrefused = async (session: Client, statements: readonly (readonly [table: string, statement: string])[]) => {
    const passed: string[] = [];
    for (const [table, statement] of statements) {
      await session.query('begin');
      const message = await session.query(statement).then(
        ({ rowCount }) => `changed ${rowCount} rows`,
        (error: Error) => error.message,
      );
      await session.query('rollback');
      if (!message.includes('row-level security policy')) passed.push(`${table}: ${message}`);
    }
    return passed;
  };

  it('has rows of two organizations in every table to tell apart', async () => {
    expect(readable().length).toBeGreaterThan(5);
    for (const { name } of tables) {
      const rows = await database.asAdmin(`select distinct organization_id from ${name}`);
      expect([name, rows.length]).toEqual([name, 2]);
    }
  });

  it('shows no row of any tenant table without an organization', async () => {
    const seen = await withSession(database.urlFor(role), async (session) => {
      const counts: string[] = [];
      for (const setting of [undefined, '']) {
        if (setting !== undefined)
          await session.query(`select set_config('app.organization_id', $1, false)`, [setting]);
        for (const { name } of readable()) if ((await count(session, name)) > 0) counts.push(name);
      }
      return counts;
    });
    expect(seen).toEqual([]);
  });

  it('shows an organization its own rows and no other’s', async () => {
    await withSession(database.urlFor(role), async (session) => {
      await actAs(session, mine.organizationId);
      for (const { name } of readable()) {
        const { rows } = await session.query(`select distinct organization_id::int as id from ${name}`);
        expect([name, rows]).toEqual([name, [{ id: mine.organizationId }]]);
      }
    });
  });

  it('forgets the organization at the end of the transaction that set it', async () => {
    await withSession(database.urlFor(role), async (session) => {
      await session.query('begin');
      await session.query(`select set_config('app.organization_id', $1, true)`, [String(mine.organizationId)]);
      expect(await count(session, 'events.organization_heads')).toBe(1);
      await session.query('commit');
      expect(await count(session, 'events.organization_heads')).toBe(0);
    });
  });

  it('lets nobody insert a row for another organization, or for any without being one', async () => {
    const inserts = tables
      .filter(({ privileges }) => privileges.includes('insert'))
      .map(({ name, insertFor }) => [name, insertFor(theirs, 'another')] as const);
    expect(inserts.length).toBeGreaterThan(2);
    await withSession(database.urlFor(role), async (session) => {
      expect(await unrefused(session, inserts)).toEqual([]);
      await actAs(session, mine.organizationId);
      expect(await unrefused(session, inserts)).toEqual([]);
    });
  });

  it('lets nobody give a row away, change another’s or delete it', async () => {
    await withSession(database.urlFor(role), async (session) => {
      await actAs(session, mine.organizationId);
      const updatable = tables.filter(({ privileges }) => privileges.includes('update'));
      const gifts = updatable.map(
        ({ name }) => [name, `update ${name} set organization_id = ${theirs.organizationId}`] as const,
      );
      expect(await unrefused(session, gifts)).toEqual([]);
      for (const { name } of updatable) {
        const { rowCount } = await session.query(
          `update ${name} set bucket = bucket where organization_id = ${theirs.organizationId}`,
        );
        expect([name, rowCount]).toEqual([name, 0]);
      }
      for (const { name } of tables.filter(({ privileges }) => privileges.includes('delete'))) {
        const { rowCount } = await session.query(
          `delete from ${name} where organization_id = ${theirs.organizationId}`,
        );
        expect([name, rowCount]).toEqual([name, 0]);
      }
    });
  });
});
