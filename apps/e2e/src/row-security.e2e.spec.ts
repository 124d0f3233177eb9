import { Client, type QueryResult } from 'pg';
import { SharedInnkeep } from './system';
import { type Scene, setScene } from './system/scene';

interface TenantTable {
  readonly name: string;
  readonly isView: boolean;
}

const INSUFFICIENT_PRIVILEGE = '42501';

describe('in the database', () => {
  const innkeep = new SharedInnkeep();
  let scene: Scene;
  let client: Client;
  let tables: TenantTable[];

  beforeAll(async () => {
    scene = await setScene(innkeep);
    const position = (await scene.owner.recordApproved('revenue', scene.property.id)).position;
    await scene.owner.getAfter(position, `/v1/reports/daily-report?propertyId=${scene.property.id}&date=2026-03-10`);
    tables = await innkeep.database.asAdmin<TenantTable>(`
      select format('%I.%I', n.nspname, c.relname) as name, c.relkind = 'm' as "isView"
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
      where c.relkind in ('r', 'p', 'm', 'v') and n.nspname not like 'pg\\_%' order by 1`);
    client = new Client({ connectionString: innkeep.database.urlFor('api') });
    await client.connect();
    innkeep.atEnd(() => client.end());
  });

  /** Runs a statement as the API's role, with the organization set as the API sets it; undefined if the role may not. */
  async function asApi(organizationId: number | undefined, text: string): Promise<QueryResult | undefined> {
    await client.query('begin');
    try {
      if (organizationId !== undefined)
        await client.query("select set_config('app.organization_id', $1, true)", [String(organizationId)]);
      return await client.query(text);
    } catch (error) {
      if ((error as { code?: string }).code === INSUFFICIENT_PRIVILEGE) return undefined;
      throw error;
    } finally {
      await client.query('rollback');
    }
  }

  it('the tables that hold the organization are all there', () => {
    const names = tables.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'events.log',
        'finance.transactions',
        'http.idempotency_records',
        'identity.users',
        'reports.daily_summary',
      ]),
    );
  });

  it('the role of the API sees no row without an organization', async () => {
    for (const { name } of tables) {
      const seen = await asApi(undefined, `select 1 from ${name} limit 1`);
      expect([name, seen?.rowCount ?? 0]).toEqual([name, 0]);
    }
  });

  it('with one it sees the rows of that one and of no other', async () => {
    const readable: string[] = [];
    for (const { name } of tables) {
      for (const { organizationId } of [scene.owner, scene.stranger]) {
        const seen = await asApi(organizationId, `select distinct organization_id::float8 as id from ${name}`);
        if (seen === undefined) continue;
        expect([name, seen.rows.filter(({ id }) => id !== organizationId)]).toEqual([name, []]);
        if (seen.rows.length > 0 && organizationId === scene.owner.organizationId) readable.push(name);
      }
    }
    // What is never seen proves nothing: these hold rows of the organization by now.
    expect(readable).toEqual(
      expect.arrayContaining([
        'events.log',
        'finance.transactions',
        'identity.users',
        'properties.properties',
        'reports.daily_summary',
      ]),
    );
  });

  it('it changes and adds no row of another', async () => {
    const { organizationId } = scene.owner;
    const changed = await asApi(
      scene.stranger.organizationId,
      `update finance.transactions set amount_cents = 1 where organization_id = ${organizationId}`,
    );
    expect(changed?.rowCount).toBe(0);
    const added = asApi(
      scene.stranger.organizationId,
      `insert into finance.property_names select bucket, organization_id, 1, 'x' from identity.organizations`,
    );
    expect(await added).toBeUndefined();
    const moved = await asApi(
      scene.stranger.organizationId,
      `insert into identity.organizations (bucket, organization_id, name, version) values (1, ${organizationId}, 'x', 1)`,
    );
    expect(moved).toBeUndefined();
  });

  it('no process has a role that could get round it, and views are closed to the API', async () => {
    const roles = await innkeep.database.asAdmin(
      `select rolname from pg_roles where rolname like 'innkeep\\_%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`,
    );
    expect(roles).toEqual([]);
    for (const { name } of tables.filter(({ isView }) => isView))
      expect([name, await asApi(scene.owner.organizationId, `select 1 from ${name} limit 1`)]).toEqual([
        name,
        undefined,
      ]);
    expect(await asApi(undefined, 'select 1 from directory.sign_ins')).toBeUndefined();
  });
});
