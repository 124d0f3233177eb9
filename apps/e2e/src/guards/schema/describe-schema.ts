import type { TestDatabase } from '@innkeep/testing';

/** What is not ours: PostgreSQL's own schemas. Months of the log are left out too, because which there are depends on the day. */
const ours = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_temp|^pg_toast_temp'`;

/** Grants of an object, by role; what its owner may do goes without saying. */
const grantsOn = (acl: string, owner: string) => `
  (select string_agg(format('%s to %s', rights, who), '; ' order by who) from (
    select case when a.grantee = 0 then 'public' else a.grantee::regrole::text end as who,
      string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) as rights
    from aclexplode(${acl}) a where a.grantee <> ${owner} group by 1) g)`;

/** Each answers lines of text in an order that depends on names alone. */
const statements: Readonly<Record<string, string>> = {
  schemas: `
    select format('schema %I%s', n.nspname, coalesce(' grants ' || ${grantsOn('n.nspacl', 'n.nspowner')}, '')) as line
    from pg_namespace n where ${ours} order by n.nspname`,
  tables: `
    select concat_ws(E'\\n',
      format('%s %I.%I%s', case c.relkind when 'm' then 'materialized view' when 'v' then 'view' when 'p' then 'partitioned table' else 'table' end,
        n.nspname, c.relname, coalesce(' by ' || pg_get_partkeydef(c.oid), '')),
      (select string_agg(format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' end,
          case when a.attidentity <> '' then ' identity' else ' default ' || pg_get_expr(d.adbin, d.adrelid) end), E'\\n' order by a.attnum)
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
      (select string_agg('  ' || pg_get_constraintdef(k.oid), E'\\n' order by k.contype, pg_get_constraintdef(k.oid)) from pg_constraint k
        where k.conrelid = c.oid and k.contype <> 'n'),
      (select string_agg('  ' || regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE (UNIQUE )?INDEX \\S+ ON (ONLY )?\\S+', 'index \\1'), E'\\n'
          order by pg_get_indexdef(i.indexrelid))
        from pg_index i where i.indrelid = c.oid and not exists (select from pg_constraint k where k.conindid = i.indexrelid)),
      case when c.relrowsecurity then '  row security' || case when c.relforcerowsecurity then ' forced' else '' end end,
      (select string_agg(format('  policy %I for %s to %s%s%s', p.polname, p.polcmd, (select string_agg(case when r = 0 then 'public' else r::regrole::text end, ', ') from unnest(p.polroles) r),
          ' using ' || pg_get_expr(p.polqual, p.polrelid), ' check ' || pg_get_expr(p.polwithcheck, p.polrelid)), E'\\n' order by p.polname)
        from pg_policy p where p.polrelid = c.oid),
      (select string_agg('  ' || pg_get_triggerdef(t.oid), E'\\n' order by t.tgname) from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal),
      '  grants ' || ${grantsOn('c.relacl', 'c.relowner')},
      case when c.relkind in ('m', 'v') then pg_get_viewdef(c.oid) end) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${ours} and c.relkind in ('r', 'p', 'm', 'v') and not c.relispartition
    order by n.nspname, c.relname`,
  sequences: `
    select format('sequence %I.%I%s', n.nspname, c.relname, coalesce(' grants ' || ${grantsOn('c.relacl', 'c.relowner')}, '')) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours} and c.relkind = 'S' order by n.nspname, c.relname`,
  functions: `
    select concat_ws(E'\\n', rtrim(pg_get_functiondef(p.oid), E'\\n') || ';', 'grants ' || ${grantsOn('p.proacl', 'p.proowner')}) as line
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where ${ours} and p.prokind in ('f', 'p') and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    order by n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)`,
};

/** The whole schema as text, the same for the same schema: what a migration changes is seen in the change of this text. */
export async function describeSchema(database: TestDatabase): Promise<string> {
  const parts: string[] = [];
  for (const [title, statement] of Object.entries(statements)) {
    const rows = await database.asAdmin<{ line: string }>(statement);
    parts.push(`-- ${title}`, ...rows.map(({ line }) => line));
  }
  return `${parts.join('\n\n')}\n`;
}
