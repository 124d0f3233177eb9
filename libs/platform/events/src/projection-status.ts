import type { Pool } from 'pg';
import { LIVE_TRACK } from './projection-runner';

/** How far a track is behind what it follows. */
export interface TrackLag {
  readonly track: string;
  readonly bucketsBehind: number;
  readonly eventsBehind: number;
  /** Age of the oldest event it has not taken, in seconds; 0 when it has taken all. */
  readonly secondsBehind: number;
}

export interface ProjectionStatus extends TrackLag {
  readonly name: string;
  readonly version: number;
  /** `live`, `paused`, `new` (being built), `outdated` (waits for a rebuild), `retired` (the code does not know it). */
  readonly state: string;
  readonly isRebuilding: boolean;
  readonly parkedOrganizations: number;
  readonly changedAt: string;
}

/** The lag of every track, from one statement over the counters and checkpoints. What is recorded after its `now()` is no time old. */
export async function readLag(pool: Pool): Promise<TrackLag[]> {
  const { rows } = await pool.query<TrackLag>(
    `select track, buckets_behind::int as "bucketsBehind", events_behind::float8 as "eventsBehind", greatest(seconds_behind, 0) as "secondsBehind" from events.lag() order by track`,
  );
  return rows;
}

const stateOf = (track: string): string =>
  track === LIVE_TRACK ? 'live' : track.startsWith('held:') ? 'paused' : track.split(':', 1)[0]!;

/** How every projection is doing. */
export async function readStatus(pool: Pool): Promise<ProjectionStatus[]> {
  const lags = new Map((await readLag(pool)).map((lag) => [lag.track, lag]));
  const { rows } = await pool.query<{ name: string; version: number; track: string; changedAt: Date; parked: number }>(
    `select p.name, p.version, p.track, p.changed_at as "changedAt", events.parked_count(p.name)::int as parked from events.projections p order by p.name`,
  );
  return rows.map(({ name, version, track, changedAt, parked }) => ({
    name,
    version,
    state: stateOf(track),
    isRebuilding: lags.has(`rebuild:${name}`),
    parkedOrganizations: parked,
    changedAt: changedAt.toISOString(),
    ...(lags.get(track) ?? { track, bucketsBehind: 0, eventsBehind: 0, secondsBehind: 0 }),
  }));
}
