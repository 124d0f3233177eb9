import { type ExportKey, type ExportMaking, dueExports, workOnExport } from '@innkeep/features/exports';
import { debounced } from '@innkeep/platform/jobs';
import type { Logger } from '@innkeep/platform/telemetry';
import type { Queue } from 'bullmq';
import { Counter } from 'prom-client';

const SWEEP_MS = 1_000;
const BATCH = 20;

/** A job's name says which export it is about, and a job says nothing else. */
const nameOf = ({ organizationId, id }: ExportKey): string => `${organizationId}/${id}`;
function keyOf(name: string): ExportKey {
  const [organizationId, id] = name.split('/') as [string, string];
  return { organizationId: Number(organizationId), id };
}

/**
 * Makes exports, one at a time, and removes their files when their time is over. What is due stands in PostgreSQL and is looked for once
 * a second; the queue spreads it over the workers. A queue that was lost is filled again by the next look.
 */
export class ExportMaker {
  private readonly done = new Counter({
    name: 'exports_total',
    help: 'Exports of organizations that were made, removed or failed',
    labelNames: ['outcome'] as const,
  });
  private sweeping: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly making: ExportMaking,
    private readonly queue: Queue,
    private readonly logger: Logger,
  ) {}

  startSweeping(): void {
    this.sweeping = setInterval(() => {
      this.running ??= this.sweep().finally(() => (this.running = undefined));
    }, SWEEP_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.sweeping);
    await this.running;
  }

  /** Does what a job by this name is about. */
  async work(name: string): Promise<void> {
    try {
      const outcome = await workOnExport(this.making, keyOf(name));
      if (outcome) this.done.inc({ outcome });
    } catch (error) {
      this.done.inc({ outcome: 'failed' });
      throw error;
    }
  }

  private async sweep(): Promise<void> {
    try {
      for (const { pool } of this.making.shards.all)
        for (const key of await dueExports(pool, BATCH)) {
          const name = nameOf(key);
          await this.queue.add(name, {}, debounced(name, 0));
        }
    } catch (error) {
      this.logger.warn({ err: error }, 'the sweep could not look for exports');
    }
  }
}
