/**
 * What the proof of order adds to its database: what the reader saw, what the writers were told, and a transaction's whim, which is
 * obeyed by a trigger at its commit, where every lock is still held and nothing of the product can know of it.
 */
export const orderSchema = `
create schema proof;
grant usage on schema proof to innkeep_api, innkeep_projector;

create table proof.seen (
  arrival bigint generated always as identity primary key,
  bucket smallint not null, organization_id bigint not null, version bigint not null, position bigint not null,
  writer integer not null, transaction integer not null, index integer not null, after bigint not null
);
grant insert on proof.seen to innkeep_projector;

create table proof.acknowledged (
  organization_id bigint not null, writer integer not null, transaction integer not null, events integer not null
);

create table proof.whims (delay_seconds float8 not null, fails boolean not null);
grant insert on proof.whims to innkeep_api;
create function proof.obey() returns trigger language plpgsql as $$
begin
  perform pg_sleep(new.delay_seconds);
  if new.fails then raise exception 'the commit fails, as it was told to'; end if;
  return null;
end $$;
create constraint trigger obey after insert on proof.whims deferrable initially deferred for each row execute function proof.obey()`;

/**
 * The mistake that the lock is there to prevent: positions from a sequence, which no lock holds to the commit. Replaces the function
 * that records events, in the proof's own database.
 */
export const breakLock = (buckets: readonly number[]): string => `
${buckets.map((bucket) => `create sequence proof.positions_${bucket};`).join('\n')}
grant usage on all sequences in schema proof to innkeep_api;

create or replace function events.record(p_bucket smallint, p_organization_id bigint, p_events jsonb, p_actor_id bigint, p_request_id text,
    out version bigint, out "position" bigint)
  language plpgsql as $$
declare
  count integer := jsonb_array_length(p_events);
  positions bigint[] := array(select nextval('proof.positions_' || p_bucket) from generate_series(1, count));
begin
  perform pg_sleep(random() * 0.005);
  "position" := positions[count];
  update events.buckets b set position = greatest(b.position, record."position"), recorded_at = greatest(b.recorded_at, clock_timestamp())
    where b.bucket = p_bucket;
  insert into events.organization_heads as h (bucket, organization_id, version, position)
    values (p_bucket, p_organization_id, count, record."position")
    on conflict (bucket, organization_id) do update set version = h.version + count, position = excluded.position
    returning h.version into strict version;
  insert into events.log (bucket, organization_id, version, position, recorded_at, type, schema_version, data)
    select p_bucket, p_organization_id, record.version - count + e.n, positions[e.n], b.recorded_at, e.event->>'t', (e.event->>'v')::smallint, e.event->'d'
    from jsonb_array_elements(p_events) with ordinality as e(event, n), events.buckets b where b.bucket = p_bucket;
end $$`;

/** Each statement counts what must not be. */
export const orderChecks: Readonly<Record<string, string>> = {
  'events acknowledged and not seen': `
    select coalesce(sum(a.events - coalesce(s.events, 0)), 0) as count from proof.acknowledged a
      left join (select writer, transaction, count(distinct index) as events from proof.seen group by 1, 2) s using (writer, transaction)`,
  'events seen more than once': `
    select count(*) from (select from proof.seen group by organization_id, writer, transaction, index having count(*) > 1) s`,
  'events of transactions that were rolled back': `
    select count(*) from proof.seen s where not exists (
      select from proof.acknowledged a where (a.organization_id, a.writer, a.transaction) = (s.organization_id, s.writer, s.transaction))`,
  'events out of order inside an organization': `
    select count(*) from (
      select version, lag(version, 1, 0::bigint) over seen as before from proof.seen window seen as (partition by organization_id order by arrival)) s
    where version <> before + 1`,
  'events before one that the same writer wrote earlier': `
    select count(*) from (
      select (transaction, index) as this, lag((transaction, index)) over (partition by organization_id, writer order by arrival) as before from proof.seen) s
    where before >= this`,
  'events not behind what was acknowledged before they were begun': `
    select count(*) from proof.seen where version <= after`,
  'positions out of order inside a bucket': `
    select count(*) from (
      select position, lag(position, 1, 0::bigint) over seen as before from proof.seen window seen as (partition by bucket order by arrival)) s
    where position <> before + 1`,
};
