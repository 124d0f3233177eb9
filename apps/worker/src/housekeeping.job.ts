import type { Shards } from '@innkeep/platform/database';
import type { Pool } from 'pg';

/** What the platform itself lets expire. */
const ownRemovals = [
  'edge.delete_expired_receipts',
  'http.delete_expired_records',
  'http.delete_expired_revocations',
  'mail.delete_expired_asks',
];

const BATCH = 1_000;
const MONTHS_AHEAD = 3;

/** Makes the partitions of the months to come, and removes what has expired, a few rows at a time. */
export async function keepHouse(
  shards: Shards,
  removals: readonly string[],
): Promise<{ partitions: number; records: number }> {
  const done = { partitions: 0, records: 0 };
  for (const { pool } of shards.all) {
    const made = await pool.query<{ count: number }>('select events.create_partitions($1) as count', [MONTHS_AHEAD]);
    done.partitions += made.rows[0]!.count;
    for (const removal of [...ownRemovals, ...removals]) done.records += await removeAll(pool, removal);
  }
  return done;
}

async function removeAll(pool: Pool, removal: string): Promise<number> {
  let total = 0;
  for (let gone = BATCH; gone >= BATCH; total += gone) {
    const { rows } = await pool.query<{ count: number }>(`select ${removal}($1) as count`, [BATCH]);
    gone = rows[0]!.count;
  }
  return total;
}
