import { sqlMigration } from '@innkeep/platform/database';

/** How a read learns that a table it has looked at was put in place after the moment it looks from. */
export const swapMigration = sqlMigration(
  1763700105100,
  'tell-swapped-tables',
  `
-- Whether the table of one of these projections is another by now than in the snapshot of the caller. A name is looked up as things
-- are now, rows as they were in the snapshot: a read that was begun before a swap finds the new table without the rows that were
-- put in last. Rows of pg_class are read in the snapshot, to_regclass looks at the present.
create function events.is_swapped(p_projections text[]) returns boolean language sql stable as $$
  select exists (
    select from events.projections p
    where p.name = any (p_projections) and to_regclass(p.table_name)::oid is distinct from (
      select c.oid from pg_catalog.pg_class c
      where c.relname = split_part(p.table_name, '.', 2)::name and c.relnamespace = to_regnamespace(split_part(p.table_name, '.', 1))::oid)) $$;
revoke all on function events.is_swapped(text[]) from public;
grant execute on function events.is_swapped(text[]) to innkeep_api, innkeep_worker;
`,
);
