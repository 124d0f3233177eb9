import { sqlMigration } from '@innkeep/platform/database';
import { archiveMigration } from './archive.migration';
import { headsMigration } from './heads.migration';
import { reactorsMigration } from './reactors.migration';
import { recordMigration } from './record.migration';
import { standingStillMigration } from './standing-still.migration';
import { swapMigration } from './swap.migration';

export const eventMigrations = [
  sqlMigration(
    1763700002000,
    'create-event-log',
    `
create schema events;
grant usage on schema events to innkeep_api, innkeep_projector, innkeep_worker, innkeep_viewer;

-- One counter for each bucket. Its row is locked from the last statement of a transaction to its commit, which makes
-- position order equal commit order. Room on the page lets every update stay on it.
create table events.buckets (
  bucket smallint primary key check (bucket between 0 and 1023),
  position bigint not null default 0,
  recorded_at timestamptz not null default '-infinity'
) with (fillfactor = 20);
insert into events.buckets (bucket) select b from generate_series(0, 1023) b;
grant select, update on events.buckets to innkeep_api, innkeep_worker;
grant select on events.buckets to innkeep_projector;

-- The organization's own version, and the bucket position of its last event.
create table events.organization_heads (
  bucket smallint not null,
  organization_id bigint not null,
  version bigint not null,
  position bigint not null,
  primary key (bucket, organization_id)
) with (fillfactor = 70);
select app.protect('events.organization_heads');
grant select, insert, update on events.organization_heads to innkeep_api, innkeep_worker;
grant select on events.organization_heads to innkeep_projector;

-- The event log. recorded_at never runs backwards inside a bucket, so readers prune partitions by it.
create table events.log (
  bucket smallint not null,
  position bigint not null,
  organization_id bigint not null,
  version bigint not null,
  recorded_at timestamptz not null,
  type text not null,
  schema_version smallint not null,
  property_id bigint,
  entity_id text,
  actor_id bigint,
  request_id text,
  data jsonb not null,
  primary key (bucket, position, recorded_at)
) partition by range (recorded_at);
create unique index log_organization_version on events.log (bucket, organization_id, version, recorded_at);
select app.protect('events.log');
grant select, insert on events.log to innkeep_api, innkeep_worker;
grant select on events.log to innkeep_projector;

-- Creates the monthly partitions from this month on that do not exist yet. Answers how many it made.
create function events.create_partitions(months_ahead integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  first_day date := date_trunc('month', now() at time zone 'UTC')::date;
  month date;
  made integer := 0;
begin
  for month in select generate_series(first_day, first_day + make_interval(months => months_ahead), interval '1 month')::date loop
    if to_regclass(format('events.log_%s', to_char(month, 'YYYY_MM'))) is null then
      execute format('create table events.log_%s partition of events.log for values from (%L) to (%L)',
        to_char(month, 'YYYY_MM'), month::timestamp at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
      perform app.protect(format('events.log_%s', to_char(month, 'YYYY_MM'))::regclass);
      made := made + 1;
    end if;
  end loop;
  return made;
end $$;
revoke all on function events.create_partitions(integer) from public;
grant execute on function events.create_partitions(integer) to innkeep_api, innkeep_worker;
-- The partitions of the log by month, those that should be there and are not among them.
create function events.partition_report(months_ahead integer)
  returns table (month date, is_present boolean, is_protected boolean, bytes bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with expected as (
    select generate_series(date_trunc('month', now() at time zone 'UTC'), date_trunc('month', now() at time zone 'UTC') + make_interval(months => months_ahead),
      interval '1 month')::date as month
  ), present as (
    select to_date(right(c.relname, 7), 'YYYY_MM') as month, c.relrowsecurity and c.relforcerowsecurity as is_protected, pg_total_relation_size(c.oid) as bytes
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'events.log'::regclass
  )
  select month, present.month is not null, coalesce(is_protected, false), coalesce(bytes, 0) from expected full join present using (month) order by month $$;
revoke all on function events.partition_report(integer) from public;
grant execute on function events.partition_report(integer) to innkeep_api, innkeep_worker;
select events.create_partitions(3);

-- A track is what shares a checkpoint: all live projections move together, each reactor has one of its own, and a projection
-- that is built, held or brought up to date apart from the others has one for that time. The generation changes whenever a
-- projection leaves or joins the track, so that a batch that was folded without knowing of it cannot be committed.
create table events.checkpoints (
  bucket smallint not null,
  track text not null,
  position bigint not null default 0,
  recorded_at timestamptz not null default '-infinity',
  generation integer not null default 0,
  primary key (track, bucket)
) with (fillfactor = 20);
grant select on events.checkpoints to innkeep_api, innkeep_worker;
grant select, insert, update, delete on events.checkpoints to innkeep_projector;

create table events.projections (
  name text primary key,
  version integer not null,
  table_name text not null,
  track text not null,
  changed_at timestamptz not null default now()
);
grant select on events.projections to innkeep_api, innkeep_worker;
grant select, insert, update, delete on events.projections to innkeep_projector;

-- An organization that one projection could not take an event of: nothing of it is folded from that event on, until it is
-- retried or the event is skipped.
create table events.parked (
  bucket smallint not null,
  organization_id bigint not null,
  projection text not null references events.projections,
  position bigint not null,
  version bigint not null,
  type text not null,
  error text not null,
  attempts integer not null default 1,
  parked_at timestamptz not null default now(),
  primary key (bucket, organization_id, projection)
);
select app.protect('events.parked');
grant select on events.parked to innkeep_api, innkeep_worker;
grant select, insert, update, delete on events.parked to innkeep_projector;

-- Events that a person decided a projection is never to take, and why.
create table events.skipped (
  bucket smallint not null,
  organization_id bigint not null,
  projection text not null references events.projections,
  position bigint not null,
  reason text not null,
  skipped_at timestamptz not null default now(),
  primary key (bucket, organization_id, projection, position)
);
select app.protect('events.skipped');
grant select on events.skipped to innkeep_api, innkeep_worker;
grant select, insert, delete on events.skipped to innkeep_projector;

-- Events that a reactor has to see again, because a projection it trails took them only later.
create table events.replays (
  bucket smallint not null,
  organization_id bigint not null,
  track text not null,
  from_position bigint not null,
  to_position bigint not null,
  primary key (bucket, organization_id, track, from_position)
);
select app.protect('events.replays');
grant select, insert, update, delete on events.replays to innkeep_projector;

-- The projector instances that are alive, and which of them looks after a bucket. A lease only saves work: what keeps a paused instance from writing twice is the
-- checkpoint, which is compared before it is set.
create table events.projectors (
  instance uuid primary key,
  started_at timestamptz not null default now(),
  lease_until timestamptz not null
);
grant select on events.projectors to innkeep_api, innkeep_worker;
grant select, insert, update, delete on events.projectors to innkeep_projector;
create table events.ownership (
  bucket smallint primary key,
  owner uuid
);
create index on events.ownership (owner);
insert into events.ownership (bucket) select b from generate_series(0, 1023) b;
grant select on events.ownership to innkeep_api, innkeep_worker;
grant select, update on events.ownership to innkeep_projector;

-- A table of the same shape beside a projection's own: where it is built anew, or folded once more to be compared. Owner, row-level
-- security and grants are those of the original.
create function events.create_beside(p_projection text, p_suffix text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  original text := (select table_name from events.projections where name = p_projection);
  beside text := original || '__' || p_suffix;
  given record;
begin
  if original is null or p_suffix !~ '^(next|verify)$' then raise exception 'no projection % to build beside', p_projection; end if;
  execute format('create table %s (like %s including all)', beside, original);
  perform app.protect(beside::regclass);
  for given in select r.rolname, string_agg(a.privilege_type, ', ') as privileges
    from pg_class c, aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
    where c.oid = original::regclass and a.grantee <> c.relowner group by r.rolname
  loop
    execute format('grant %s on %s to %I', given.privileges, beside, given.rolname);
  end loop;
  return beside;
end $$;

-- Removes what stands beside a projection's table: one being built, one folded to compare, or the one before the last swap.
create function events.drop_beside(p_projection text, p_suffix text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare original text := (select table_name from events.projections where name = p_projection);
begin
  if original is null or p_suffix !~ '^(next|verify|before)$' then raise exception 'nothing beside projection % by that name', p_projection; end if;
  execute format('drop table if exists %s', original || '__' || p_suffix);
end $$;

-- Puts the table that was built in the place of the live one, which is kept until it is dropped.
create function events.swap_in(p_projection text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  original text := (select table_name from events.projections where name = p_projection);
  short text := split_part(original, '.', 2);
begin
  if original is null then raise exception 'no projection by the name %', p_projection; end if;
  execute format('drop table if exists %s', original || '__before');
  execute format('alter table %s rename to %I', original, short || '__before');
  execute format('alter table %s rename to %I', original || '__next', short);
end $$;
revoke all on function events.create_beside(text, text), events.drop_beside(text, text), events.swap_in(text) from public;
grant execute on function events.create_beside(text, text), events.drop_beside(text, text), events.swap_in(text) to innkeep_projector;

-- The version at which a read model last changed for an organization: what the ETag of a report is made of.
create table events.projection_heads (
  bucket smallint not null,
  organization_id bigint not null,
  projection text not null,
  version bigint not null,
  primary key (bucket, organization_id, projection)
) with (fillfactor = 70);
select app.protect('events.projection_heads');
grant select on events.projection_heads to innkeep_api, innkeep_worker;
grant select, insert, update, delete on events.projection_heads to innkeep_projector;

-- The organization's version that a read model has applied.
create function events.applied_version(p_bucket smallint, p_organization_id bigint, p_projection text, p_head_version bigint, p_head_position bigint)
  returns bigint language plpgsql stable as $$
declare
  applied bigint;
  parked bigint;
begin
  -- Of a parked organization nothing is applied from the event on that could not be.
  select p.version into parked from events.parked p
    where p.bucket = p_bucket and p.organization_id = p_organization_id and p.projection = p_projection;
  if parked is not null then return parked - 1; end if;
  select c.position into applied from events.projections p join events.checkpoints c on c.track = p.track and c.bucket = p_bucket
    where p.name = p_projection;
  if applied is null then return 0; end if;
  if applied >= p_head_position then return p_head_version; end if;
  return coalesce((select l.version from events.log l where l.bucket = p_bucket and l.organization_id = p_organization_id
    and l.position <= applied order by l.version desc limit 1), 0);
end $$;

-- How far each track is behind what it follows: buckets, events, and the age of the oldest event it has not taken, in seconds.
create function events.lag() returns table (track text, buckets_behind bigint, events_behind bigint, seconds_behind double precision)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.track, count(*) filter (where b.position > c.position), coalesce(sum(b.position - c.position), 0)::bigint,
    coalesce(extract(epoch from now() - min((
      select l.recorded_at from events.log l
      where b.position > c.position and l.bucket = c.bucket and l.position = c.position + 1 and l.recorded_at >= c.recorded_at))), 0)::float8
  from events.checkpoints c join events.buckets b on b.bucket = c.bucket
  group by c.track $$;
create policy lag on events.log for select to innkeep_migrator using (true);
revoke all on function events.lag() from public;
grant execute on function events.lag() to innkeep_api, innkeep_projector, innkeep_worker;

-- How many organizations a projection holds parked; for whoever may not see which.
create policy counting on events.parked for select to innkeep_migrator using (true);
create function events.parked_count(p_projection text) returns bigint
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select count(*) from events.parked where projection = p_projection $$;
revoke all on function events.parked_count(text) from public;
grant execute on function events.parked_count(text) to innkeep_api, innkeep_projector, innkeep_worker;

-- How an organization stands in the snapshot of the caller: see Freshness in the database library.
create function events.freshness(p_bucket smallint, p_organization_id bigint, p_projections text[], p_tags text[], p_reads_state boolean,
    out applied bigint, out changed bigint, out is_purge_pending boolean)
  language plpgsql stable as $$
declare head events.organization_heads;
begin
  select * into head from events.organization_heads h where h.bucket = p_bucket and h.organization_id = p_organization_id;
  applied := coalesce(head.version, 0);
  changed := applied;
  if cardinality(p_projections) > 0 then
    select min(events.applied_version(p_bucket, p_organization_id, name, head.version, head.position)) into applied from unnest(p_projections) name;
    if not p_reads_state then
      select coalesce(max(h.version), 0) into changed from events.projection_heads h
        where h.bucket = p_bucket and h.organization_id = p_organization_id and h.projection = any (p_projections);
    end if;
  end if;
  is_purge_pending := cardinality(p_tags) > 0 and exists (select from edge.purge_asks a
    where a.bucket = p_bucket and a.organization_id = p_organization_id and a.tag = any (p_tags) and a.repeats_left > 0);
end $$;
`,
  ),
  recordMigration,
  reactorsMigration,
  archiveMigration,
  swapMigration,
  standingStillMigration,
  headsMigration,
];
