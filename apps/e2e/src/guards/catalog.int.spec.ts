import 'reflect-metadata';
import { features } from '@innkeep/assembly';
import { type TestDatabase, createTestDatabase } from '@innkeep/testing';

/** Tables that belong to no organization. Whoever adds one says so here; the directory's are reached through functions only. */
const withoutOrganization = [
  'edge.families',
  'edge.family_changes',
  'edge.providers',
  'events.archived_partitions',
  'events.archived_ranges',
  'events.buckets',
  'events.checkpoints',
  'events.ownership',
  'events.projections',
  'events.projectors',
  'events.reactors',
  'innkeep.migrations',
  'operations.view_refreshes',
  'privacy.master_keys',
];

/** Tenant tables whose primary key cannot be led by bucket and organization, with the key they have instead. */
const otherKeys: Readonly<Record<string, readonly string[]>> = {
  // The log is read by bucket and position, which order all organizations of the bucket.
  'events.log': ['bucket', 'position', 'recorded_at'],
};

/** Policies that show a role the rows of all organizations, because its work is done for all of them at once. */
const acrossOrganizations = [
  'edge.purge_asks to innkeep_worker',
  'mail.asks to innkeep_worker',
  'edge.purge_receipts to innkeep_worker',
];

const processRoles = ['innkeep_api', 'innkeep_projector', 'innkeep_worker'];
const appRoles = [...processRoles, 'innkeep_viewer'];

const schemas = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg_temp%'`;

const tables = `
  select c.oid::regclass::text as name, coalesce(p.inhparent::regclass::text, c.oid::regclass::text) as whole, n.nspname as schema,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped) as "isTenant",
    c.relrowsecurity and c.relforcerowsecurity as "isForced",
    array(select a.attname::text from pg_index i cross join unnest(i.indkey) with ordinality k(attnum, n)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum where i.indrelid = c.oid and i.indisprimary order by k.n) as key
  from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_inherits p on p.inhrelid = c.oid
  where c.relkind in ('r', 'p') and ${schemas} order by 1`;

interface Table {
  readonly name: string;
  readonly whole: string;
  readonly schema: string;
  readonly isTenant: boolean;
  readonly isForced: boolean;
  readonly key: readonly string[];
}

describe('the database', () => {
  let database: TestDatabase;
  let all: readonly Table[];
  let tenant: readonly Table[];
  beforeAll(async () => {
    database = await createTestDatabase();
    all = (await database.asAdmin<Table>(tables)).filter(({ schema }) => schema !== 'directory');
    tenant = all.filter(({ isTenant }) => isTenant);
  });
  afterAll(() => database.drop());

  const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name);

  it('has an organization in every table that is not known to have none', () => {
    expect(names(all.filter(({ isTenant }) => !isTenant))).toEqual(withoutOrganization);
    expect(tenant.length).toBeGreaterThan(10);
  });

  it('forces row-level security on every table with an organization, partitions included', () => {
    expect(names(tenant.filter(({ isForced }) => !isForced))).toEqual([]);
    expect(tenant.some(({ name, whole }) => name !== whole)).toBe(true);
  });

  it('lets the API and the worker see a row only by a policy that compares its organization', async () => {
    const policies = await database.asAdmin<{
      name: string;
      role: string;
      using: string | null;
      check: string | null;
      command: string;
    }>(
      `select p.polrelid::regclass::text as name, coalesce(r.rolname, 'public') as role, pg_get_expr(p.polqual, p.polrelid) as using,
         pg_get_expr(p.polwithcheck, p.polrelid) as check, p.polcmd::text as command
       from pg_policy p cross join unnest(p.polroles) role(oid) left join pg_roles r on r.oid = role.oid`,
    );
    const compares = (expression: string | null) =>
      expression !== null &&
      /organization_id = \( SELECT app\.organization_id\(\) AS organization_id\)/.test(expression);
    const open = policies.filter(
      ({ role, using, check, command }) =>
        ['innkeep_api', 'innkeep_worker', 'public'].includes(role) &&
        !(compares(using) && (command === 'r' || compares(check))),
    );
    expect(open.map(({ name, role }) => `${name} to ${role}`)).toEqual(acrossOrganizations);
    const without = tenant.filter(
      ({ name }) => !policies.some((policy) => policy.name === name && policy.role === 'innkeep_api'),
    );
    expect(names(without)).toEqual([]);
  });

  it('leads every primary key of a table with an organization by bucket and organization', () => {
    for (const { name, whole, key } of tenant)
      expect([name, key.slice(0, otherKeys[whole]?.length ?? 2)]).toEqual([
        name,
        otherKeys[whole] ?? ['bucket', 'organization_id'],
      ]);
  });

  it('has no application role that is more than it needs to be', async () => {
    const roles = await database.asAdmin(
      `select rolname as name from pg_roles
       where rolname like 'innkeep\\_%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`,
    );
    expect(roles).toEqual([]);
    const members = await database.asAdmin(
      `select m.rolname as member, g.rolname as of from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles g on g.oid = a.roleid
       where m.rolname = any ($1)`,
      [appRoles],
    );
    expect(members).toEqual([]);
  });

  it('is owned by the migrator, and what the viewer shows by the viewer', async () => {
    const owned = await database.asAdmin(
      `select r.rolname as owner, c.relkind::text as kind, c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         join pg_roles r on r.oid = c.relowner
       where ${schemas} and r.rolname <> 'innkeep_migrator' and c.relkind in ('r', 'p', 'v', 'm', 'S')
         and not (r.rolname = 'innkeep_viewer' and c.relkind = 'm')`,
    );
    expect(owned).toEqual([]);
    const functions = await database.asAdmin(
      `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles r on r.oid = p.proowner
       where ${schemas} and r.rolname = any ($1)`,
      [processRoles],
    );
    expect(functions).toEqual([]);
  });

  it('gives no application role the right to create, to truncate or to grant', async () => {
    const creators = await database.asAdmin(
      `select r.role, n.nspname as schema from unnest($1::text[]) r(role) cross join pg_namespace n
       where ${schemas} and has_schema_privilege(r.role, n.oid, 'create')`,
      [appRoles],
    );
    expect(creators).toEqual([]);
    const rights = await database.asAdmin(
      `select r.role, c.oid::regclass::text as name, p.privilege from unnest($1::text[]) r(role) cross join pg_class c
         join pg_namespace n on n.oid = c.relnamespace
         cross join unnest(array['truncate', 'references', 'trigger', 'select with grant option']) p(privilege)
       where ${schemas} and c.relkind in ('r', 'p') and has_table_privilege(r.role, c.oid, p.privilege)`,
      [appRoles],
    );
    expect(rights).toEqual([]);
  });

  it('lets nobody change or remove what the event log holds', async () => {
    const rights = await database.asAdmin(
      `select r.role, c.oid::regclass::text as name from unnest($1::text[]) r(role), pg_class c
       where c.oid in (select 'events.log'::regclass union select inhrelid from pg_inherits where inhparent = 'events.log'::regclass)
         and has_table_privilege(r.role, c.oid, 'update, delete')`,
      [appRoles],
    );
    expect(rights).toEqual([]);
  });

  it('fixes the search path of every function that runs with its owner’s rights, and gives none of them to everybody', async () => {
    const definers = await database.asAdmin<{ name: string; settings: string[] | null; isOpen: boolean }>(
      `select p.oid::regprocedure::text as name, p.proconfig as settings, has_function_privilege('public', p.oid, 'execute') as "isOpen"
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef and ${schemas} order by 1`,
    );
    expect(definers.length).toBeGreaterThan(5);
    for (const { name, settings, isOpen } of definers)
      expect({ name, settings, isOpen }).toEqual({
        name,
        settings: ['search_path=pg_catalog, pg_temp'],
        isOpen: false,
      });
  });

  it('keeps views, which row-level security does not protect, from all that serves or works for users', async () => {
    const views = await database.asAdmin<{ name: string; readers: string[] }>(
      `select c.oid::regclass::text as name,
         array(select role from unnest($1::text[]) role where has_table_privilege(role, c.oid, 'select')) as readers
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where ${schemas} and (c.relkind = 'm' or c.relkind = 'v' and not coalesce('security_invoker=true' = any (c.reloptions), false))`,
      [processRoles],
    );
    expect(views.length).toBeGreaterThan(0);
    for (const { name, readers } of views) expect([name, readers]).toEqual([name, []]);
  });

  it('lets no view read the table of a projection, which a rebuild exchanges', async () => {
    const tables = features.flatMap(({ projections = [] }) => projections.map(({ table }) => table));
    const reads = await database.asAdmin<{ view: string; relation: string }>(
      `select distinct v.oid::regclass::text as view, d.refobjid::regclass::text as relation
       from pg_rewrite r join pg_class v on v.oid = r.ev_class
       join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> v.oid
       join pg_namespace n on n.oid = v.relnamespace where ${schemas}`,
    );
    expect(reads.map(({ view }) => view)).toContain('finance.finance_daily_summary');
    expect(reads.filter(({ relation }) => tables.includes(relation))).toEqual([]);
  });

  it('lets the projector read no write model but the log', async () => {
    const features = await database.asAdmin<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and has_table_privilege('innkeep_projector', c.oid, 'select') and has_table_privilege('innkeep_api', c.oid, 'insert')
         and ${schemas} order by 1`,
    );
    // The keys open what is sealed in the log.
    expect(names(features)).toEqual([
      'events.log',
      'events.organization_heads',
      'privacy.master_keys',
      'privacy.subject_keys',
    ]);
  });
});
