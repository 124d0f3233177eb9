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
  sqlMigration(
    1763710305000,
    'create-view-cadence',
    `
-- How often each view is meant to be refreshed, as the features say; a view that never was has no time and no duration.
alter table operations.view_refreshes
  add column every_seconds integer,
  add column declared_at timestamptz not null default now(),
  alter column refreshed_at drop not null,
  alter column duration drop not null;
grant usage on schema operations to innkeep_api;
grant select on operations.view_refreshes to innkeep_api;

-- What the features declare, and nothing else, is listed from then on.
create function operations.declare_views(p_names text[], p_every_seconds integer[]) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from operations.view_refreshes where name <> all (p_names);
  insert into operations.view_refreshes as v (name, every_seconds) select * from unnest(p_names, p_every_seconds)
    on conflict (name) do update set every_seconds = excluded.every_seconds where v.every_seconds is distinct from excluded.every_seconds $$;
revoke all on function operations.declare_views(text[], integer[]) from public;
grant execute on function operations.declare_views(text[], integer[]) to innkeep_worker;

-- How fresh each view is, when it is due again, and whether it has been due for longer than two more rounds.
create function operations.view_report()
  returns table (name text, every_seconds integer, is_filled boolean, refreshed_at timestamptz, duration_seconds double precision,
    age_seconds double precision, due_at timestamptz, is_overdue boolean, bytes bigint)
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select v.name, v.every_seconds, coalesce(c.relispopulated, false), v.refreshed_at, extract(epoch from v.duration)::float8,
    extract(epoch from now() - coalesce(v.refreshed_at, v.declared_at))::float8, due.at,
    now() > due.at + 2 * greatest(make_interval(secs => v.every_seconds), 10 * coalesce(v.duration, interval '0')), coalesce(pg_relation_size(c.oid), 0)
  from operations.view_refreshes v left join pg_class c on c.oid = to_regclass(v.name)
  cross join lateral (select coalesce(greatest(v.refreshed_at + make_interval(secs => v.every_seconds), v.refreshed_at + 10 * v.duration), v.declared_at) as at) due
  where v.every_seconds is not null
  order by v.name $$;
revoke all on function operations.view_report() from public;
grant execute on function operations.view_report() to innkeep_api, innkeep_worker;

-- As before, and never again before ten times as long has passed as the last refresh took, whoever asks. Says what became of it:
-- refreshed, running (by somebody else), or early, and then for how long still.
grant create on schema operations to innkeep_viewer;
set local role innkeep_viewer;
drop function operations.refresh_view(text);
create function operations.refresh_view(view text, out outcome text, out wait_seconds double precision)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  target regclass := to_regclass(view);
  last operations.view_refreshes;
  started timestamptz;
begin
  if target is null or not exists (select from pg_class c where c.oid = target and c.relkind = 'm' and c.relowner = current_user::regrole) then
    raise exception 'there is no materialized view % to refresh', view;
  end if;
  -- Held to the end of the transaction, so that who comes next finds what is written down below.
  if not pg_try_advisory_xact_lock(hashtextextended('refresh_view ' || view, 0)) then
    outcome := 'running';
    return;
  end if;
  select * into last from operations.view_refreshes v where v.name = view;
  wait_seconds := greatest(0, extract(epoch from last.refreshed_at + 10 * last.duration - clock_timestamp()));
  if wait_seconds > 0 then
    outcome := 'early';
    return;
  end if;
  started := clock_timestamp();
  if (select relispopulated from pg_class where oid = target) then
    execute format('refresh materialized view concurrently %s', target);
  else
    -- The first fill cannot be concurrent. Nobody reads what holds nothing.
    execute format('refresh materialized view %s', target);
  end if;
  insert into operations.view_refreshes (name, refreshed_at, duration) values (view, clock_timestamp(), clock_timestamp() - started)
    on conflict (name) do update set refreshed_at = excluded.refreshed_at, duration = excluded.duration;
  outcome := 'refreshed';
end $$;
revoke all on function operations.refresh_view(text) from public;
grant execute on function operations.refresh_view(text) to innkeep_worker;
reset role;
revoke create on schema operations from innkeep_viewer;
`,
  ),
];
