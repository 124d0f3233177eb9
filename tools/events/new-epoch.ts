import type { Pool } from 'pg';

/** What was changed: every bucket has one of these epochs now. */
export interface NewEpoch {
  readonly buckets: number;
  readonly epoch: number;
}

/**
 * Begins a new epoch everywhere. A database that was restored to an earlier time gives positions out a second time, for other changes;
 * with another epoch, ETags do not match what was seen before the restore, and streams that resume from there are told to read anew.
 * Epochs are minutes since 1970, so that no two restores of the same backup share one.
 */
export async function beginEpoch(pool: Pool): Promise<NewEpoch> {
  const { rows } = await pool.query<NewEpoch>(
    `with begun as (
       update directory.buckets set epoch = greatest(epoch + 1, floor(extract(epoch from now()) / 60)::integer) returning epoch
     ) select count(*)::int as buckets, max(epoch) as epoch from begun`,
  );
  return rows[0]!;
}
