import { type TestDatabase, type TestOrganization, withSession } from '@innkeep/testing';

interface Column {
  readonly name: string;
  readonly type: string;
}

/** A table with rows of organizations in it. */
export interface TenantTable {
  readonly name: string;
  /** What the role may do to it, before row-level security has its say. */
  readonly privileges: readonly string[];
  /** A statement that inserts a row for the organization; another `mark` gives another row. */
  insertFor(organization: TestOrganization, mark: string): string;
}

// The directory has no tenant data, and nobody reaches its tables.
const tenantTables = `
  select c.oid::regclass::text as name,
    array(select p from unnest(array['select', 'insert', 'update', 'delete']) p where has_table_privilege($1, c.oid, p)) as privileges,
    (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null)))
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity <> 'a') as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname <> 'directory' and not c.relispartition
    and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id')
  order by 1`;

/** Values by type, as SQL; `mark` tells the rows of a table apart. Whatever is not named here takes a number. */
const values: readonly (readonly [type: RegExp, value: (mark: string) => string])[] = [
  [/(\[\]|multirange)$/, () => `'{}'`],
  [/range$/, () => `'empty'`],
  [/^(text|bytea|character varying)/, (mark) => `'${mark}'`],
  [/^uuid$/, () => 'gen_random_uuid()'],
  [/^jsonb?$/, () => `'{}'`],
  [/^boolean$/, () => 'true'],
  [/^(date|timestamp)/, () => 'now()'],
  [/^time /, () => 'localtime'],
  [/^interval$/, () => `interval '1 hour'`],
];

function valueFor({ type }: Column, mark: string): string {
  const fitting = values.find(([pattern]) => pattern.test(type));
  return fitting ? fitting[1](mark) : String(mark.length);
}

const checks = `
  select k.conrelid::regclass::text as name, quote_ident(k.conname) as check from pg_constraint k join pg_class c on c.oid = k.conrelid
  where k.contype = 'c' and not c.relispartition and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id')`;

/**
 * Puts a row for each organization into every tenant table of the catalog, whatever its columns: a table that is added later is
 * looked at without anybody remembering to. Answers the tables, with what the role may do to them.
 */
export async function fillTenantTables(
  database: TestDatabase,
  role: 'api' | 'worker',
  organizations: readonly TestOrganization[],
): Promise<readonly TenantTable[]> {
  const rows = await database.asAdmin<{ name: string; privileges: string[]; columns: Column[] }>(tenantTables, [
    `innkeep_${role}`,
  ]);
  const tables = rows.map(({ name, privileges, columns }): TenantTable => ({
    name,
    privileges,
    insertFor: ({ organizationId, bucket }, mark) => {
      const row = columns.map((column) => {
        if (column.name === 'organization_id') return organizationId;
        return column.name === 'bucket' ? bucket : valueFor(column, mark);
      });
      return `insert into ${name} (${columns.map((column) => `"${column.name}"`).join(', ')}) values (${row.join(', ')})`;
    },
  }));
  await withSession(database.adminUrl, async (session) => {
    // The rows are made up: what they refer to is not there, and what else a table asks of them is not looked at here.
    await session.query('set session_replication_role = replica');
    for (const { name, check } of (await session.query<{ name: string; check: string }>(checks)).rows)
      await session.query(`alter table ${name} drop constraint ${check}`);
    for (const { insertFor } of tables)
      for (const [index, organization] of organizations.entries())
        await session.query(insertFor(organization, 'x'.repeat(index + 1)));
  });
  return tables;
}
