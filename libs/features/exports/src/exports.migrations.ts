import { sqlMigration } from '@innkeep/platform/database';

export const exportsMigrations = [
  sqlMigration(
    1763711000600,
    'create-exports',
    `
create schema exports;
grant usage on schema exports to innkeep_api, innkeep_worker;

-- Exports that were asked for, and what became of them. Whatever is to be done next is due at due_at: making it, making it again because
-- whoever was at it has not been heard of, or removing the file.
create table exports.exports (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  status text not null default 'waiting' check (status in ('waiting', 'making', 'ready', 'failed', 'removed')),
  asked_by bigint not null,
  asked_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  attempts smallint not null default 0,
  tables integer not null default 0,
  tables_done integer not null default 0,
  rows_done bigint not null default 0,
  position bigint,
  bytes bigint,
  sha256 text,
  made_at timestamptz,
  expires_at timestamptz,
  primary key (bucket, organization_id, id),
  check (status <> 'ready' or (position is not null and bytes is not null and sha256 is not null and expires_at is not null))
);
-- One at a time.
create unique index exports_under_way on exports.exports (bucket, organization_id) where status in ('waiting', 'making');
create index on exports.exports (due_at) where status in ('waiting', 'making', 'ready');
create index on exports.exports (asked_at);
select app.protect('exports.exports');
grant select, insert on exports.exports to innkeep_api;
grant select, update on exports.exports to innkeep_worker;

-- What is due of all organizations, as keys: the rows themselves are looked at one organization at a time.
create policy looking on exports.exports for select to innkeep_migrator using (true);
create function exports.due(p_limit integer) returns table (organization_id bigint, id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.organization_id, e.id from exports.exports e
  where e.status in ('waiting', 'making', 'ready') and e.due_at <= clock_timestamp() order by e.due_at limit p_limit $$;

-- What is known of exports whose files are long gone. Answers how many went.
create policy housekeeping on exports.exports for delete to innkeep_migrator
  using (status in ('failed', 'removed') and asked_at < now() - interval '30 days');
create function exports.delete_old(batch integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone integer;
begin
  delete from exports.exports where ctid in (select ctid from exports.exports
    where status in ('failed', 'removed') and asked_at < now() - interval '30 days' limit batch);
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke all on function exports.due(integer), exports.delete_old(integer) from public;
grant execute on function exports.due(integer), exports.delete_old(integer) to innkeep_worker;
`,
  ),
];
