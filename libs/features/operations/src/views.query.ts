import type { Shards } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';

/** How fresh a materialized view is on one shard. */
export const viewFreshness = z.object({
  shard: shapes.text('main'),
  name: shapes.text('daily_summary'),
  everySeconds: z.int().meta({ example: 300 }),
  isFilled: z.boolean().describe('Whether it has ever been refreshed: before that it cannot be read'),
  refreshedAt: shapes.instant.nullable(),
  durationSeconds: z.number().min(0).nullable().describe('How long the last refresh took').meta({ example: 0.4 }),
  ageSeconds: z
    .number()
    .describe('Since the last refresh; of one that never was, since it was declared')
    .meta({ example: 120 }),
  dueAt: shapes.instant.describe(
    'Its cadence after the last refresh, or ten times as long after it as it took, whichever is later',
  ),
  isOverdue: z.boolean().describe('Due for longer than two more rounds').meta({ example: false }),
  bytes: z.int().min(0).meta({ example: 16384 }),
});
export type ViewFreshness = z.output<typeof viewFreshness>;

/** The views of all shards. */
export const viewsAnswer = z.object({ isFresh: z.boolean(), data: z.array(viewFreshness) });

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
