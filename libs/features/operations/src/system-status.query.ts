import { Shards } from '@innkeep/platform/database';
import { type ProjectionStatus, type TrackLag, readLag, readStatus } from '@innkeep/platform/events';
import { shapes } from '@innkeep/platform/http';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { type ViewFreshness, readViews } from './views.query';

export const PARTITION_MONTHS_AHEAD = 3;

const shard = { shard: shapes.text('main') };

const lagging = {
  track: shapes.text('live'),
  bucketsBehind: shapes.count,
  eventsBehind: shapes.count,
  secondsBehind: z.number().min(0).describe('Age of the oldest event it has not taken').meta({ example: 0 }),
};

/** How far every track is behind. */
export const lagAnswer = z.object({ data: z.array(z.object({ ...shard, ...lagging })) });

/** How every read model is doing. */
export const projectionsAnswer = z.object({
  data: z.array(
    z.object({
      ...shard,
      name: shapes.text('finance_pending_approvals'),
      version: z.int().min(1),
      state: z.string().describe('`live`, `paused`, `new`, `outdated` or `retired`').meta({ example: 'live' }),
      isRebuilding: z.boolean().meta({ example: false }),
      parkedOrganizations: shapes.count.meta({ example: 0 }),
      changedAt: shapes.instant,
      ...lagging,
    }),
  ),
});

const partition = z.object({
  ...shard,
  month: shapes.day.meta({ example: '2026-03-01' }),
  isPresent: z.boolean(),
  isProtected: z.boolean(),
  isArchived: z.boolean().describe('Moved to a file').meta({ example: false }),
  bytes: z.int().min(0).meta({ example: 16384 }),
});
export type PartitionState = z.output<typeof partition>;

/** Whether the partitions are in place. */
export const partitionsAnswer = z.object({
  isComplete: z.boolean(),
  bucketsWithGaps: shapes.count.meta({ example: 0 }),
  data: z.array(partition),
});

/** How many partitions were made. */
export const createdPartitionsAnswer = z.object({ made: shapes.count });

/** How the system stands, over all shards. Operators see counts and names of read models, no organization's data. */
@Injectable()
export class SystemStatus {
  constructor(private readonly shards: Shards) {}

  projections(): Promise<(ProjectionStatus & { shard: string })[]> {
    return this.onEach((pool) => readStatus(pool));
  }

  lag(): Promise<(TrackLag & { shard: string })[]> {
    return this.onEach((pool) => readLag(pool));
  }

  /** The partitions of the event log, those in files and those of the months to come included. */
  partitions(): Promise<PartitionState[]> {
    return this.onEach(async (pool) => {
      const { rows } = await pool.query<Omit<PartitionState, 'shard'>>(
        `select month::text, is_present as "isPresent", is_protected as "isProtected", is_archived as "isArchived", bytes::float8 as bytes from events.partition_report($1)`,
        [PARTITION_MONTHS_AHEAD],
      );
      return rows;
    });
  }

  /** In how many buckets the log does not begin where the archive ends: events were removed and are not in a file. */
  async bucketsWithGaps(): Promise<number> {
    const counts = await this.onEach(
      async (pool) => (await pool.query<{ count: number }>('select events.buckets_with_gaps()::int as count')).rows,
    );
    return counts.reduce((sum, { count }) => sum + count, 0);
  }

  /** Makes the partitions that are missing. Answers how many it made. */
  async createPartitions(): Promise<number> {
    const made = await this.onEach(
      async (pool) =>
        (await pool.query<{ made: number }>('select events.create_partitions($1) as made', [PARTITION_MONTHS_AHEAD]))
          .rows,
    );
    return made.reduce((sum, one) => sum + one.made, 0);
  }

  /** How fresh the materialized views are. */
  views(): Promise<ViewFreshness[]> {
    return readViews(this.shards);
  }

  private async onEach<Row extends object>(
    read: (pool: Shards['all'][number]['pool']) => Promise<Row[]>,
  ): Promise<(Row & { shard: string })[]> {
    const answers = await Promise.all(
      this.shards.all.map(async ({ name, pool }) => (await read(pool)).map((row) => ({ shard: name, ...row }))),
    );
    return answers.flat();
  }
}
