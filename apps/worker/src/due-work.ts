import type { Shards } from '@innkeep/platform/database';
import { debounced } from '@innkeep/platform/jobs';
import type { Logger } from '@innkeep/platform/telemetry';
import type { Queue } from 'bullmq';
import type { Pool } from 'pg';
import { Counter } from 'prom-client';
import { Sweeping } from './sweeping';

/** Something of an organization that there is work at. */
export interface WorkKey {
  readonly organizationId: number;
  readonly id: string;
}

/** A kind of work that stands in PostgreSQL until it is done. */
export interface DueWork {
  /** What it is done at, for whoever reads the log. */
  readonly things: string;
  /** How many are asked for at once. */
  readonly batch: number;
  readonly counted: { readonly name: string; readonly help: string };
  /** What is due, of all organizations of a shard. */
  due(pool: Pool, limit: number): Promise<WorkKey[]>;
  /** Does what is due of one of them; answers what it was, nothing if there was nothing. */
  work(key: WorkKey): Promise<string | undefined>;
}

/** A job's name says what it is about, and a job says nothing else. */
const nameOf = ({ organizationId, id }: WorkKey): string => `${organizationId}/${id}`;
function keyOf(name: string): WorkKey {
  const [organizationId, id] = name.split('/') as [string, string];
  return { organizationId: Number(organizationId), id };
}

/**
 * Does the work of a kind, one thing at a time. What is due stands in PostgreSQL and is looked for once a second; the queue spreads it
 * over the workers. A queue that was lost is filled again by the next look.
 */
export class DueWorker {
  private readonly done: Counter<'outcome'>;
  private readonly sweeping = new Sweeping(() => this.sweep());

  constructor(
    private readonly kind: DueWork,
    private readonly shards: Shards,
    private readonly queue: Queue,
    private readonly logger: Logger,
  ) {
    this.done = new Counter({ ...kind.counted, labelNames: ['outcome'] as const });
  }

  startSweeping(): void {
    this.sweeping.start();
  }

  stop(): Promise<void> {
    return this.sweeping.stop();
  }

  /** Does what a job by this name is about. */
  async work(name: string): Promise<void> {
    try {
      const outcome = await this.kind.work(keyOf(name));
      if (outcome) this.done.inc({ outcome });
    } catch (error) {
      this.done.inc({ outcome: 'failed' });
      throw error;
    }
  }

  private async sweep(): Promise<void> {
    try {
      for (const { pool } of this.shards.all)
        for (const key of await this.kind.due(pool, this.kind.batch)) {
          const name = nameOf(key);
          await this.queue.add(name, {}, debounced(name, 0));
        }
    } catch (error) {
      this.logger.warn({ err: error }, `the sweep could not look for ${this.kind.things}`);
    }
  }
}
