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
  sqlMigration(
    1763711001210,
    'export-reports',
    `
-- A report of one property as a file. What was asked for stands in the row; an export without a report is of the whole organization.
alter table exports.exports
  add column report text,
  add column format text check (format in ('csv', 'xlsx', 'pdf')),
  add column property_id bigint,
  add column property_name text,
  add column from_on date,
  add column to_on date,
  -- The version of the organization at which it was asked for: the file shows that one or a later one.
  add column asked_version bigint,
  add column rows_total bigint not null default 0,
  -- Why there is no file, where asking again would not help.
  add column failure text,
  add constraint exports_report check (num_nulls(report, format, property_id, property_name, from_on, to_on, asked_version) in (0, 7));
drop index exports.exports_under_way;
create unique index exports_under_way on exports.exports (bucket, organization_id) where report is null and status in ('waiting', 'making');
create index exports_of_reports on exports.exports (bucket, organization_id, asked_by, id) where report is not null;
`,
  ),
];
