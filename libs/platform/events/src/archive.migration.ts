import { sqlMigration } from '@innkeep/platform/database';

/**
 * What the database remembers of partitions that were written to files and removed from the log, the functions that remove one and
 * put it back, and readers of the log that know where it begins.
 */
export const archiveMigration = sqlMigration(
  1763700081000,
  'create-archive',
  `
-- Partitions that are in files now. The checksum is the file's: what is folded from is what was removed.
create table events.archived_partitions (
  month date primary key,
  events bigint not null,
  sha256 text not null,
  archived_at timestamptz not null default now()
);
grant select on events.archived_partitions to innkeep_api, innkeep_projector, innkeep_worker;

-- Which positions of a bucket they hold. The log of a bucket begins behind the last one.
create table events.archived_ranges (
  month date not null references events.archived_partitions on delete cascade,
  bucket smallint not null,
  first_position bigint not null,
  last_position bigint not null,
  first_recorded_at timestamptz not null,
  primary key (bucket, month)
);
grant select on events.archived_ranges to innkeep_api, innkeep_projector, innkeep_worker;

-- Which positions of each bucket a month's partition holds: two probes of the key for each bucket, however large it is.
create function events.partition_ranges(p_month date)
  returns table (bucket smallint, first_position bigint, last_position bigint, first_recorded_at timestamptz)
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select b.bucket, f.position, l.position, f.recorded_at from events.buckets b
  cross join lateral (select position, recorded_at from events.log e where e.bucket = b.bucket
    and e.recorded_at >= p_month::timestamp at time zone 'UTC' and e.recorded_at < (p_month + interval '1 month') at time zone 'UTC'
    order by position limit 1) f
  cross join lateral (select position from events.log e where e.bucket = b.bucket
    and e.recorded_at >= p_month::timestamp at time zone 'UTC' and e.recorded_at < (p_month + interval '1 month') at time zone 'UTC'
    order by position desc limit 1) l $$;

-- Who still has to read a month's partition, and in how many buckets. What the code has lost (a retired projection, a reactor that
-- is not among the reactors any more) reads nothing.
create policy archiving on events.replays for select to innkeep_migrator using (true);
create function events.archive_blockers(p_month date) returns table (holder text, buckets bigint)
  language sql stable set search_path = pg_catalog, pg_temp as $$
  with held as materialized (select * from events.partition_ranges(p_month))
  select 'checkpoint of ' || c.track, count(*) from held h join events.checkpoints c on c.bucket = h.bucket and c.position < h.last_position
    where c.track not like 'retired:%' and (c.track not like 'reactor:%' or exists (select from events.reactors r where r.track = c.track))
    group by c.track
  union all
  select 'organizations parked in ' || p.projection, count(distinct p.bucket) from held h
    join events.parked p on p.bucket = h.bucket and p.position <= h.last_position group by p.projection
  union all
  select 'replay for ' || r.track, count(distinct r.bucket) from held h
    join events.replays r on r.bucket = h.bucket and r.from_position <= h.last_position group by r.track
  union all
  select 'no projector has followed the log yet', count(*) from held having count(*) > 0
    and not exists (select from events.checkpoints c where c.track = 'live')
  order by 1 $$;

-- Removes a month's partition, after it was written to a file that was read back: for the owner alone, in the transaction that has
-- kept writers out of the partition since before it was read. Everything that could make it a loss is looked at once more here.
create function events.remove_archived(p_month date, p_events bigint, p_sha256 text, p_ranges jsonb) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  partition text := format('events.log_%s', to_char(p_month, 'YYYY_MM'));
  blocker record;
begin
  if (p_month + interval '1 month') at time zone 'UTC' > now() then
    raise exception '% is not over yet', to_char(p_month, 'YYYY-MM');
  end if;
  -- A bucket's log must stay without gaps: it is only ever cut off at its beginning.
  if exists (select from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'events.log'::regclass and to_date(right(c.relname, 7), 'YYYY_MM') < p_month) then
    raise exception 'an older partition than % is still there', to_char(p_month, 'YYYY-MM');
  end if;
  execute format('lock table %s in share mode', partition);
  -- Whoever starts a track at the log's beginning takes this lock too, so that nobody begins to read what is being removed.
  perform pg_advisory_xact_lock(hashtext('innkeep.register'));
  select * into blocker from events.archive_blockers(p_month) limit 1;
  if found then
    raise exception '% is still needed: % (% buckets)', to_char(p_month, 'YYYY-MM'), blocker.holder, blocker.buckets;
  end if;
  if exists (
    select from events.partition_ranges(p_month) h
    full join jsonb_to_recordset(p_ranges) f(bucket smallint, first bigint, last bigint) on f.bucket = h.bucket
    where (h.first_position, h.last_position) is distinct from (f.first, f.last)
  ) or p_events is distinct from (select coalesce(sum(f.last - f.first + 1), 0) from jsonb_to_recordset(p_ranges) f(first bigint, last bigint)) then
    raise exception 'the file does not hold what the partition % holds', to_char(p_month, 'YYYY-MM');
  end if;
  insert into events.archived_partitions (month, events, sha256) values (p_month, p_events, p_sha256);
  insert into events.archived_ranges (month, bucket, first_position, last_position, first_recorded_at)
    select p_month, * from events.partition_ranges(p_month);
  execute format('alter table events.log detach partition %s', partition);
  execute format('drop table %s', partition);
end $$;

-- An empty table for a month that is to come back from its file; the newest one first, so that the log has no gaps meanwhile.
create function events.create_restored(p_month date) returns text
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare restored text := format('events.log_%s', to_char(p_month, 'YYYY_MM'));
begin
  perform pg_advisory_xact_lock(hashtext('innkeep.register'));
  if p_month is distinct from (select max(month) from events.archived_partitions) then
    raise exception '% is not the newest month in the archive', to_char(p_month, 'YYYY-MM');
  end if;
  execute format('create table %s (like events.log including all)', restored);
  return restored;
end $$;

-- Puts it back into the log once it is filled.
create function events.attach_restored(p_month date) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare restored text := format('events.log_%s', to_char(p_month, 'YYYY_MM'));
begin
  perform app.protect(restored::regclass);
  execute format('alter table events.log attach partition %s for values from (%L) to (%L)',
    restored, p_month::timestamp at time zone 'UTC', (p_month + interval '1 month') at time zone 'UTC');
  if exists (
    select from events.partition_ranges(p_month) h
    full join (select * from events.archived_ranges where month = p_month) a on a.bucket = h.bucket
    where (h.first_position, h.last_position) is distinct from (a.first_position, a.last_position)
  ) then
    raise exception 'the file does not hold what the partition % has held', to_char(p_month, 'YYYY-MM');
  end if;
  delete from events.archived_partitions where month = p_month;
end $$;
revoke all on function events.partition_ranges(date), events.archive_blockers(date), events.remove_archived(date, bigint, text, jsonb),
  events.create_restored(date), events.attach_restored(date) from public;

-- The partitions of the log by month, those in files included, and those that should be there and are not.
drop function events.partition_report(integer);
create function events.partition_report(months_ahead integer)
  returns table (month date, is_present boolean, is_protected boolean, is_archived boolean, bytes bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with expected as (
    select generate_series(date_trunc('month', now() at time zone 'UTC'), date_trunc('month', now() at time zone 'UTC') + make_interval(months => months_ahead),
      interval '1 month')::date as month
    union select a.month from events.archived_partitions a
  ), present as (
    select to_date(right(c.relname, 7), 'YYYY_MM') as month, c.relrowsecurity and c.relforcerowsecurity as is_protected, pg_total_relation_size(c.oid) as bytes
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'events.log'::regclass
  )
  select month, present.month is not null, coalesce(is_protected, false), a.month is not null, coalesce(bytes, 0)
  from expected full join present using (month) left join events.archived_partitions a using (month) order by month $$;
revoke all on function events.partition_report(integer) from public;
grant execute on function events.partition_report(integer) to innkeep_api, innkeep_worker;

-- In how many buckets the log does not begin where the archive ends: a partition went without being archived.
create function events.buckets_with_gaps() returns bigint
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select count(*) from events.buckets b
  cross join lateral (select coalesce(max(r.last_position), 0) as position from events.archived_ranges r where r.bucket = b.bucket) archived
  where b.position > archived.position
    and (select min(l.position) from events.log l where l.bucket = b.bucket) is distinct from archived.position + 1 $$;
revoke all on function events.buckets_with_gaps() from public;
grant execute on function events.buckets_with_gaps() to innkeep_api, innkeep_worker;

-- As before, and an event that is in a file is as old as what that file holds of the bucket: a track that waits for it is behind.
create or replace function events.lag() returns table (track text, buckets_behind bigint, events_behind bigint, seconds_behind double precision)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.track, count(*) filter (where b.position > c.position), coalesce(sum(b.position - c.position), 0)::bigint,
    coalesce(extract(epoch from now() - min(case when b.position > c.position then coalesce(
      (select l.recorded_at from events.log l where l.bucket = c.bucket and l.position = c.position + 1 and l.recorded_at >= c.recorded_at),
      (select r.first_recorded_at from events.archived_ranges r where r.bucket = c.bucket and r.last_position > c.position
        order by r.last_position limit 1)) end)), 0)::float8
  from events.checkpoints c join events.buckets b on b.bucket = c.bucket
  group by c.track $$;

-- As before, for an organization too whose applied events are all in files: it stands before the first event that the log has of it.
create or replace function events.applied_version(p_bucket smallint, p_organization_id bigint, p_projection text, p_head_version bigint, p_head_position bigint)
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
  return coalesce(
    (select l.version from events.log l where l.bucket = p_bucket and l.organization_id = p_organization_id
      and l.position <= applied order by l.version desc limit 1),
    -- A track that stands within the archive has not applied what follows there, and how much that is the log does not say.
    case when applied >= coalesce((select max(r.last_position) from events.archived_ranges r where r.bucket = p_bucket), 0) then
      (select min(l.version) - 1 from events.log l where l.bucket = p_bucket and l.organization_id = p_organization_id) end,
    0);
end $$;
`,
);
