import type { Pool } from 'pg';
import type { Projection } from './projection';
import { LIVE_TRACK } from './projection-runner';
import type { Reactor } from './reactor';
import { reactorTrack } from './reactor-runner';

/** Makes the checkpoints of new tracks and writes down which projections there are. New reactors begin at the log's start. */
export async function registerTracks(
  pool: Pool,
  projections: readonly Projection[],
  reactors: readonly Reactor[],
): Promise<void> {
  await pool.query(
    `insert into events.checkpoints (track, bucket) select track, bucket from unnest($1::text[]) track cross join events.buckets
     on conflict (track, bucket) do nothing`,
    [[LIVE_TRACK, ...reactors.map(reactorTrack)]],
  );
  await pool.query(
    `insert into events.projections (name, version, track) select * from unnest($1::text[], $2::int[], $3::text[])
     on conflict (name) do update set version = excluded.version where events.projections.version < excluded.version`,
    [projections.map(({ name }) => name), projections.map(({ version }) => version), projections.map(() => LIVE_TRACK)],
  );
}
