import { type Sql, rawSql, sql } from '@innkeep/platform/database';

/** A bucket's share of a batch: where the checkpoint stood and where it goes. */
export interface BucketAdvance {
  readonly bucket: number;
  readonly from: string;
  readonly to: string;
  readonly recordedAt: string;
  /** The track's generation when the batch was read: a projection that left or joined since makes it void. */
  readonly generation: number;
}

/** The session's tables that a batch is read into once and folded from by all projections. */
export type BatchTable = 'batch' | 'small_batch';

const createTable = (table: BatchTable, onCommit: string) => `create temporary table if not exists ${table} (
  bucket smallint not null, position bigint not null, organization_id bigint not null, version bigint not null, recorded_at timestamptz not null,
  type text not null, schema_version smallint not null, property_id bigint, entity_id text, actor_id bigint, request_id text, data jsonb not null,
  recorded_data jsonb, flaw text
) on commit ${onCommit};
alter table ${table} alter column type set (n_distinct = 3);
insert into ${table} (bucket, position, organization_id, version, recorded_at, type, schema_version, property_id, entity_id, data)
select n % 50, n, n % 100, n, now(), 'type ' || n, 1, n % 200, n::text, '{}' from generate_series(1, 2000) n;
analyze ${table}`;

/**
 * The one for batches of any size. `recorded_data` is the payload as the log holds it, where `data` has become another; a flaw says why
 * an event cannot be read. Nobody analyzes a table of one session, and guesses about it
 * make the planner sort where hashing is cheaper: it is shown what a batch is like, in rows that are gone with the transaction.
 */
export const createBatchTable = createTable('batch', 'delete rows');

/**
 * The one for a few events at a time: the next batch deletes what the last one left. To empty a table at each commit is a change of
 * files, which waits for others' on the disk: more than all the folds of a few events take.
 */
export const createSmallBatchTable = `${createTable('small_batch', 'preserve rows')}; truncate small_batch`;

const columns = rawSql(
  'bucket, position, organization_id, version, recorded_at, type, schema_version, property_id, entity_id, actor_id, request_id, data',
);
const logColumns = rawSql(
  'l.bucket, l.position, l.organization_id, l.version, l.recorded_at, l.type, l.schema_version, l.property_id, l.entity_id, l.actor_id, l.request_id, l.data',
);

/** As far as the log goes. */
const wholeLog: Sql = sql`join events.buckets ceiling on ceiling.bucket = c.bucket`;

/** As far as another track has come. */
const behindTrack = (track: string): Sql =>
  sql`join events.checkpoints ceiling on ceiling.track = ${track} and ceiling.bucket = c.bucket`;

/** As far as another track and the projections by these names have come, whichever tracks they are on for now. */
const behindProjections = (track: string, names: readonly string[]): Sql =>
  names.length === 0
    ? behindTrack(track)
    : sql`join (
        select k.bucket, min(k.position) as position from events.checkpoints k
        where k.track = any (array(select p.track from events.projections p where p.name = any (${names}::text[])) || ${track}::text)
        group by k.bucket) ceiling on ceiling.bucket = c.bucket`;

/**
 * The next events of a track up to the ceiling, from the buckets that are longest behind. Inside a bucket they come in position
 * order from the checkpoint on and the limit cuts only the end, so the batch is a prefix of every bucket in it.
 */
const nextEvents = (
  track: string,
  ceiling: Sql,
  owned: readonly number[],
  limit: number,
  condition: Sql = rawSql(''),
): Sql => sql`
    with behind as materialized (
      select c.bucket, c.position, c.recorded_at, c.generation, ceiling.position as ceiling
      from events.checkpoints c ${ceiling}
      where c.track = ${track} and c.bucket = any (${owned}::smallint[]) and ceiling.position > c.position ${condition}
      order by c.recorded_at, c.bucket
    )
    select ${logColumns}, behind.position as from_position, behind.generation
    from behind cross join lateral (
      select * from events.log e
      where e.bucket = behind.bucket and e.position > behind.position and e.position <= behind.ceiling and e.recorded_at >= behind.recorded_at
      order by e.position limit ${limit}
    ) l
    limit ${limit}`;

/**
 * Reads events that a track has not taken into the batch table; answers how each bucket in it advances, whether an event is missing on
 * the way, and which types are there. Whole events go through once, into the table; what is answered is made of their small columns.
 */
export const fillFrom = (track: string, events: Sql, batch: BatchTable = 'batch'): Sql => sql`
  with ${rawSql(batch === 'small_batch' ? 'gone as (delete from small_batch), filled' : 'filled')} as (
    insert into ${rawSql(batch)} (${columns}) select ${columns} from (${events}) next returning bucket, position, recorded_at, type
  ), ends as (
    select bucket, max(position) as position, max(recorded_at) as recorded_at, count(*)::int as count, array_agg(distinct type) as types
    from filled group by bucket
  )
  select e.bucket, c.position::text as from, e.position::text as to, e.recorded_at::text as "recordedAt", c.generation, e.count,
    e.position - c.position <> e.count as "hasGap", e.types
  from ends e join events.checkpoints c on c.track = ${track} and c.bucket = e.bucket`;

/** Reads the next events of the log into the batch table, as far as the ceiling's track has come, or to the log's end. */
export const fillBatch = (
  track: string,
  ceilingTrack: string | undefined,
  owned: readonly number[],
  limit: number,
  batch?: BatchTable,
): Sql => fillFrom(track, nextEvents(track, ceilingTrack ? behindTrack(ceilingTrack) : wholeLog, owned, limit), batch);

/** Only where other tracks stand at the same place. */
const besides = (tracks: readonly string[]): Sql =>
  tracks.length === 0
    ? rawSql('')
    : sql`and not exists (select from events.checkpoints o
        where o.track = any (${tracks}::text[]) and o.bucket = c.bucket and (o.position, o.generation) <> (c.position, c.generation))`;

/**
 * The next events of some reactors, as rows, behind a track and the projections that all of them trail, of the buckets in which they
 * stand at the same place. Those of organizations that one of these projections holds parked are marked: the reactors see them
 * when they are applied.
 */
export const nextForReactors = (
  [track, ...others]: readonly string[],
  ceilingTrack: string,
  trails: readonly string[],
  owned: readonly number[],
  limit: number,
): Sql => sql`
  select n.*, exists (select from events.parked p
    where p.bucket = n.bucket and p.organization_id = n.organization_id and p.position <= n.position
      and p.projection = any (${trails}::text[])) as is_parked
  from (${nextEvents(track!, behindProjections(ceilingTrack, trails), owned, limit, besides(others))}) n`;

/**
 * Events that a reactor has to see again, of the organizations in the buckets owned: once it has passed them, so that it overtakes
 * nobody, and once no other projection that it trails holds the organization parked.
 */
export const takeReplays = (track: string, trails: readonly string[], owned: readonly number[]): Sql => sql`
  with due as (
    delete from events.replays where (bucket, organization_id, track, from_position) in (
      select r.bucket, r.organization_id, r.track, r.from_position from events.replays r
      join events.checkpoints c on c.track = r.track and c.bucket = r.bucket and c.position >= r.to_position
      where r.track = ${track} and r.bucket = any (${owned}::smallint[]) and not exists (select from events.parked p
        where p.bucket = r.bucket and p.organization_id = r.organization_id and p.position <= r.to_position and p.projection = any (${trails}::text[]))
      order by r.bucket, r.organization_id, r.from_position limit 10 for update of r skip locked)
    returning bucket, organization_id, from_position, to_position
  )
  select ${logColumns}, 0 as from_position, 0 as generation, false as is_parked
  from due join events.log l on l.bucket = due.bucket and l.organization_id = due.organization_id
    and l.position between due.from_position and due.to_position
  order by l.bucket, l.position`;

/**
 * Which tracks have anything to do, and in which of these buckets: the one statement of an idle poll. Reactors are compared with the
 * head of the log too: what they may not see yet, the projections still have to do.
 */
export const findWork = (tracks: readonly string[], buckets: readonly number[]): Sql => sql`
  select track, array_agg(bucket) as buckets from (
    select c.track, c.bucket from events.checkpoints c join events.buckets b on b.bucket = c.bucket
    where c.track = any (${tracks}::text[]) and c.bucket = any (${buckets}::smallint[]) and b.position > c.position
    union
    select r.track, r.bucket from events.replays r where r.track = any (${tracks}::text[]) and r.bucket = any (${buckets}::smallint[])
  ) as waiting group by track`;

/**
 * A number that grows with every event of these buckets; nothing while an event waits to be seen again. If it is the same as when there
 * was nothing to do, there is nothing to do: that much cheaper is an idle look than the one at all checkpoints. The buckets come as the
 * text of an array.
 */
export const headsOf = (buckets: string): Sql => sql`
  select sum(b.position)::text as heads from events.buckets b
  where b.bucket = any (${buckets}::smallint[]) and not exists (select from events.replays)`;

/**
 * Advances the checkpoints of some tracks that stand at the same places, comparing each before it is set: an instance that was paused, and whose buckets another has
 * taken forward meanwhile, changes nothing here and rolls back its rows.
 */
export const advanceCheckpoints = (tracks: readonly string[], advances: readonly BucketAdvance[]): Sql => sql`
  update events.checkpoints c set position = a.to_position, recorded_at = a.recorded_at
  from unnest(${advances.map((a) => a.bucket)}::smallint[], ${advances.map((a) => a.from)}::bigint[], ${advances.map((a) => a.to)}::bigint[],
    ${advances.map((a) => a.recordedAt)}::timestamptz[], ${advances.map((a) => a.generation)}::int[])
    as a(bucket, from_position, to_position, recorded_at, generation)
  where c.track = any (${tracks}::text[]) and c.bucket = any (${advances.map((a) => a.bucket)}::smallint[])
    and c.bucket = a.bucket and c.position = a.from_position and c.generation = a.generation`;

/**
 * Notes at which version each read model last changed for each organization of the batch; not for events that it holds parked. Nearly
 * all organizations are parked nowhere: of those only the last event of each type is looked at.
 */
export const noteChanges = (
  takes: readonly (readonly [projection: string, type: string])[],
  batch: BatchTable = 'batch',
): Sql => sql`
  with takes as materialized (
    select * from unnest(${takes.map(([projection]) => projection)}::text[], ${takes.map(([, type]) => type)}::text[]) as t(projection, type)
  ), changes as (
    select l.bucket, l.organization_id, t.projection, l.version
    from (select bucket, organization_id, type, max(version) as version from ${rawSql(batch)} group by 1, 2, 3) l join takes t on t.type = l.type
    where not exists (select from events.parked p
      where p.bucket = l.bucket and p.organization_id = l.organization_id and p.projection = t.projection)
    union all
    select b.bucket, b.organization_id, t.projection, b.version
    from events.parked p join ${rawSql(batch)} b on b.bucket = p.bucket and b.organization_id = p.organization_id and b.position < p.position
      join takes t on t.projection = p.projection and t.type = b.type
  ), heads as (
    select bucket, organization_id, projection, max(version) as version from changes group by 1, 2, 3
  )
  insert into events.projection_heads as h (bucket, organization_id, versions)
  select bucket, organization_id, jsonb_object_agg(projection, version) from heads group by 1, 2 order by 1, 2
  on conflict (bucket, organization_id) do update set versions = h.versions || excluded.versions`;

/**
 * The part of the batch that a projection takes when some of its organizations are parked or some of their events skipped. A
 * projection without either takes the batch as it is.
 */
export const takenBy = (projection: string, batch: BatchTable = 'batch'): Sql => sql`(
  select * from ${rawSql(batch)} b
  where not exists (select from events.parked p
    where p.bucket = b.bucket and p.organization_id = b.organization_id and p.projection = ${projection} and p.position <= b.position)
  and not exists (select from events.skipped s
    where s.bucket = b.bucket and s.organization_id = b.organization_id and s.projection = ${projection} and s.position = b.position))`;

/** Which projections have organizations parked or events skipped. */
export const findExceptions = rawSql(
  'select projection from events.parked union select projection from events.skipped',
);
