import { sqlMigration } from '@innkeep/platform/database';

export const purgingMigrations = [
  sqlMigration(
    1763711000500,
    'add-purge-receipts',
    `
-- What an ask is about and why it was made: the property whose tag all answers with this tag carry too, and the first event that asked.
alter table edge.purge_asks
  add property_id bigint,
  add cause_type text,
  add cause_version bigint,
  add caused_at timestamptz;

-- The age of the oldest ask tells how late purges are.
create index on edge.purge_asks (asked_at) where repeats_left > 0;

-- What was purged where, of which organization, because of what, and how long that took. One row for the tags of an organization in a
-- request; requests carry the tags of several organizations, and have the batch in common.
create table edge.purge_receipts (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  provider text not null,
  batch uuid not null,
  tags text[] not null,
  is_repetition boolean not null,
  attempts integer not null,
  cause_type text,
  cause_version bigint,
  caused_at timestamptz,
  asked_at timestamptz not null,
  purged_at timestamptz not null,
  primary key (bucket, organization_id, id)
);
create index on edge.purge_receipts (purged_at);
alter table edge.purge_receipts enable row level security;
alter table edge.purge_receipts force row level security;
create policy organization on edge.purge_receipts to innkeep_api using (organization_id = (select app.organization_id()))
  with check (organization_id = (select app.organization_id()));
create policy every_organization on edge.purge_receipts to innkeep_worker using (true) with check (true);
grant select on edge.purge_receipts to innkeep_api;
grant select, insert on edge.purge_receipts to innkeep_worker;

-- Receipts are kept for a month. Answers how many went.
create function edge.delete_expired_receipts(p_limit integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone integer;
begin
  delete from edge.purge_receipts where ctid in
    (select ctid from edge.purge_receipts where purged_at < now() - interval '30 days' limit p_limit);
  get diagnostics gone = row_count;
  return gone;
end $$;
create policy housekeeping on edge.purge_receipts to innkeep_migrator using (purged_at < now() - interval '30 days');
revoke all on function edge.delete_expired_receipts(integer) from public;
grant execute on function edge.delete_expired_receipts(integer) to innkeep_worker;

-- What all workers know of a provider: its token bucket, how long it wants to be left alone, its breaker.
create table edge.providers (
  name text primary key,
  state jsonb not null,
  revision bigint not null,
  changed_at timestamptz not null default clock_timestamp()
);
-- How long answers of a family of the cache may live at the edge while something is wrong.
create table edge.families (
  name text primary key,
  state jsonb not null,
  revision bigint not null,
  changed_at timestamptz not null default clock_timestamp()
);
-- Every such change, who made it and why. Never changed or removed.
create table edge.family_changes (
  id uuid primary key,
  family text not null,
  step_before text not null,
  step_after text not null,
  reason text not null,
  made_by text not null,
  made_at timestamptz not null default clock_timestamp()
);
grant select on edge.providers, edge.families, edge.family_changes to innkeep_api;
grant select, insert, update on edge.providers, edge.families to innkeep_worker;
grant select, insert on edge.family_changes to innkeep_worker;
`,
  ),
  sqlMigration(
    1763711001300,
    'list-purge-receipts',
    `
-- The receipts of all organizations, the latest first, for platform operators: what was purged where and when, by tags, which hold ids
-- and nothing else. A page begins behind the receipt that the one before ended with.
create policy listing on edge.purge_receipts for select to innkeep_migrator using (true);
create function edge.list_receipts(p_organization_id bigint, p_provider text, p_before timestamptz, p_before_id uuid, p_limit integer)
  returns setof edge.purge_receipts
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.* from edge.purge_receipts r
  where (p_organization_id is null or r.organization_id = p_organization_id) and (p_provider is null or r.provider = p_provider)
    and (p_before is null or (r.purged_at, r.id) < (p_before, p_before_id))
  order by r.purged_at desc, r.id desc limit p_limit $$;
revoke all on function edge.list_receipts(bigint, text, timestamptz, uuid, integer) from public;
grant execute on function edge.list_receipts(bigint, text, timestamptz, uuid, integer) to innkeep_api;
`,
  ),
];
