import { sqlMigration } from '@innkeep/platform/database';

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
grant execute on function events.create_partitions(integer) to innkeep_worker;
select events.create_partitions(3);

-- A track is what shares a checkpoint: all live projections move together, each reactor has one of its own.
create table events.checkpoints (
  bucket smallint not null,
  track text not null,
  position bigint not null default 0,
  recorded_at timestamptz not null default '-infinity',
  primary key (track, bucket)
) with (fillfactor = 20);
grant select on events.checkpoints to innkeep_api, innkeep_worker;
grant select, insert, update, delete on events.checkpoints to innkeep_projector;

create table events.projections (
  name text primary key,
  version integer not null,
  track text not null
);
grant select on events.projections to innkeep_api, innkeep_worker;
grant select, insert, update, delete on events.projections to innkeep_projector;

-- Which projector instance looks after a bucket. A lease only saves work: what keeps a paused instance from writing twice is the
-- checkpoint, which is compared before it is set.
create table events.ownership (
  bucket smallint primary key,
  owner uuid,
  lease_until timestamptz not null default '-infinity'
) with (fillfactor = 20);
insert into events.ownership (bucket) select b from generate_series(0, 1023) b;
grant select on events.ownership to innkeep_api, innkeep_worker;
grant select, update on events.ownership to innkeep_projector;

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
declare applied bigint;
begin
  select c.position into applied from events.projections p join events.checkpoints c on c.track = p.track and c.bucket = p_bucket
    where p.name = p_projection;
  if applied is null then return 0; end if;
  if applied >= p_head_position then return p_head_version; end if;
  return coalesce((select l.version from events.log l where l.bucket = p_bucket and l.organization_id = p_organization_id
    and l.position <= applied order by l.version desc limit 1), 0);
end $$;

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
];
