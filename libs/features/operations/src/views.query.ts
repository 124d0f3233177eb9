import type { Shards } from '@innkeep/platform/database';

/** How fresh a materialized view is on one shard. */
export interface ViewFreshness {
  readonly shard: string;
  readonly name: string;
  readonly everySeconds: number;
  /** Whether it has ever been refreshed: before that it cannot be read. */
  readonly isFilled: boolean;
  readonly refreshedAt: string | null;
  /** How long the last refresh took. */
  readonly durationSeconds: number | null;
  /** Since the last refresh; of one that never was, since it was declared. */
  readonly ageSeconds: number;
  /** Its cadence after the last refresh, or ten times as long after it as it took, whichever is later. */
  readonly dueAt: string;
  /** Due for longer than two more rounds. */
  readonly isOverdue: boolean;
  readonly bytes: number;
}

/** How fresh the views of all shards are. */
export async function readViews(shards: Shards): Promise<ViewFreshness[]> {
  const answers = await Promise.all(
    shards.all.map(async ({ name: shard, pool }) => {
      const { rows } = await pool.query<Omit<ViewFreshness, 'shard'>>(
        `select name, every_seconds as "everySeconds", is_filled as "isFilled", refreshed_at as "refreshedAt",
           duration_seconds as "durationSeconds", age_seconds as "ageSeconds", due_at as "dueAt", is_overdue as "isOverdue", bytes::float8 as bytes
         from operations.view_report()`,
      );
      return rows.map((row) => ({ shard, ...row }));
    }),
  );
  return answers.flat();
}
