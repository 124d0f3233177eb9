import type { InnkeepUnderTest } from './innkeep-under-test';

/** The tables that hold a text anywhere in a row. */
export async function tablesWith({ database }: InnkeepUnderTest, text: string): Promise<string[]> {
  const tables = await database.asAdmin<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  const holds = await Promise.all(
    tables.map(async ({ name: table }) => {
      const found = await database.asAdmin(`select from ${table} t where strpos(t::text, $1) > 0 limit 1`, [text]);
      return found.length > 0 ? [table] : [];
    }),
  );
  return holds.flat();
}
