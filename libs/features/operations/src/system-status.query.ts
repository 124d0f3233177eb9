import { Shards } from '@innkeep/platform/database';
import { type ProjectionStatus, type TrackLag, readLag, readStatus } from '@innkeep/platform/events';
import { Injectable } from '@nestjs/common';
import { type ViewFreshness, readViews } from './views.query';

export const PARTITION_MONTHS_AHEAD = 3;

export interface PartitionState {
  readonly shard: string;
  readonly month: string;
  readonly isPresent: boolean;
  readonly isProtected: boolean;
  /** Moved to a file: see `npm run events`. */
  readonly isArchived: boolean;
  readonly bytes: number;
}

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
