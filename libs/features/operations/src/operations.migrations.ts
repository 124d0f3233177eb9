import { sqlMigration } from '@innkeep/platform/database';

export const operationsMigrations = [
  sqlMigration(
    1763705000000,
    'create-operations',
    `
create schema operations;
grant usage on schema operations to innkeep_worker, innkeep_viewer;
grant create on schema operations to innkeep_viewer;

-- When each view was last refreshed, and how long that took.
create table operations.view_refreshes (
  name text primary key,
  refreshed_at timestamptz not null,
  duration interval not null
);
grant select on operations.view_refreshes to innkeep_worker;
grant select, insert, update on operations.view_refreshes to innkeep_viewer;

-- Refreshes one of the viewer's own materialized views: concurrently, so that nobody who reads it waits, except for the first fill,
-- which cannot be. A refresh that another session is running is not repeated behind it. Answers whether it refreshed.
set local role innkeep_viewer;
create function operations.refresh_view(view text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  target regclass := to_regclass(view);
  started timestamptz := clock_timestamp();
begin
  if target is null or not exists (select from pg_class c where c.oid = target and c.relkind = 'm' and c.relowner = current_user::regrole) then
    raise exception 'there is no materialized view % to refresh', view;
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('refresh_view ' || view, 0)) then return false; end if;
  if (select relispopulated from pg_class where oid = target) then
    execute format('refresh materialized view concurrently %s', target);
  else
    execute format('refresh materialized view %s', target);
  end if;
  insert into operations.view_refreshes values (view, clock_timestamp(), clock_timestamp() - started)
    on conflict (name) do update set refreshed_at = excluded.refreshed_at, duration = excluded.duration;
  return true;
end $$;
revoke all on function operations.refresh_view(text) from public;
grant execute on function operations.refresh_view(text) to innkeep_worker;
reset role;
revoke create on schema operations from innkeep_viewer;
`,
  ),
];
