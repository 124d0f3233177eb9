import { type Sql, rawSql, sql } from '@innkeep/platform/database';

/** A bucket's share of a batch: where the checkpoint stood and where it goes. */
export interface BucketAdvance {
  readonly bucket: number;
  readonly from: string;
  readonly to: string;
  readonly recordedAt: string;
}

/** The session's own table that a batch is read into once and folded from by all projections. */
export const createBatchTable = `create temporary table if not exists batch (
  bucket smallint not null, position bigint not null, organization_id bigint not null, version bigint not null, recorded_at timestamptz not null,
  type text not null, schema_version smallint not null, property_id bigint, entity_id text, actor_id bigint, request_id text, data jsonb not null
) on commit delete rows`;

const columns = rawSql(
  'bucket, position, organization_id, version, recorded_at, type, schema_version, property_id, entity_id, actor_id, request_id, data',
);
const logColumns = rawSql(
  'l.bucket, l.position, l.organization_id, l.version, l.recorded_at, l.type, l.schema_version, l.property_id, l.entity_id, l.actor_id, l.request_id, l.data',
);

/**
 * The next events of a track, from the buckets that are longest behind. Inside a bucket they come in position order from the
 * checkpoint on and the limit cuts only the end, so the batch is a prefix of every bucket in it.
 *
 * `ceilingTrack` keeps a reactor behind the projections: nothing is read that they have not applied.
 */
const nextEvents = (track: string, ceilingTrack: string | undefined, owned: readonly number[], limit: number): Sql => {
  const ceiling = ceilingTrack
    ? sql`join events.checkpoints ceiling on ceiling.track = ${ceilingTrack} and ceiling.bucket = c.bucket`
    : sql`join events.buckets ceiling on ceiling.bucket = c.bucket`;
  return sql`
    with behind as materialized (
      select c.bucket, c.position, c.recorded_at, ceiling.position as ceiling
      from events.checkpoints c ${ceiling}
      where c.track = ${track} and c.bucket = any (${owned}::smallint[]) and ceiling.position > c.position
      order by c.recorded_at, c.bucket
    )
    select ${logColumns}, behind.position as from_position
    from behind cross join lateral (
      select * from events.log e
      where e.bucket = behind.bucket and e.position > behind.position and e.position <= behind.ceiling and e.recorded_at >= behind.recorded_at
      order by e.position limit ${limit}
    ) l
    limit ${limit}`;
};

/** Reads the next events into the batch table; answers how each bucket in it advances and which types are there. */
export const fillBatch = (track: string, owned: readonly number[], limit: number): Sql => sql`
  with next as materialized (${nextEvents(track, undefined, owned, limit)}),
  filled as (insert into batch (${columns}) select ${columns} from next returning 1)
  select bucket, min(from_position)::text as from, max(position)::text as to, max(recorded_at)::text as "recordedAt",
    count(*)::int as count, array_agg(distinct type) as types
  from next group by bucket`;

/** The next events of a reactor, as rows. */
export const nextForReactor = (track: string, ceilingTrack: string, owned: readonly number[], limit: number): Sql =>
  nextEvents(track, ceilingTrack, owned, limit);

/** Which buckets have anything to do for any of the tracks: the one statement of an idle poll. */
export const findWork = (liveTrack: string, reactorTracks: readonly string[], owned: readonly number[]): Sql => sql`
  select c.track from events.checkpoints c join events.buckets b on b.bucket = c.bucket
  where c.track = ${liveTrack} and c.bucket = any (${owned}::smallint[]) and b.position > c.position
  union
  select c.track from events.checkpoints c join events.checkpoints live on live.track = ${liveTrack} and live.bucket = c.bucket
  where c.track = any (${reactorTracks}::text[]) and c.bucket = any (${owned}::smallint[]) and live.position > c.position`;

/**
 * Advances a track's checkpoints, comparing each before it is set: an instance that was paused, and whose buckets another has
 * taken forward meanwhile, changes nothing here and rolls back its rows.
 */
export const advanceCheckpoints = (track: string, advances: readonly BucketAdvance[]): Sql => sql`
  update events.checkpoints c set position = a.to_position, recorded_at = a.recorded_at
  from unnest(${advances.map((a) => a.bucket)}::smallint[], ${advances.map((a) => a.from)}::bigint[], ${advances.map((a) => a.to)}::bigint[],
    ${advances.map((a) => a.recordedAt)}::timestamptz[]) as a(bucket, from_position, to_position, recorded_at)
  where c.track = ${track} and c.bucket = a.bucket and c.position = a.from_position`;

/** Notes at which version each read model last changed for each organization of the batch. */
export const noteChanges = (takes: readonly (readonly [projection: string, type: string])[]): Sql => sql`
  insert into events.projection_heads as h (bucket, organization_id, projection, version)
  select b.bucket, b.organization_id, t.projection, max(b.version)
  from batch b join unnest(${takes.map(([projection]) => projection)}::text[], ${takes.map(([, type]) => type)}::text[]) as t(projection, type) on t.type = b.type
  group by b.bucket, b.organization_id, t.projection
  on conflict (bucket, organization_id, projection) do update set version = greatest(h.version, excluded.version)`;
