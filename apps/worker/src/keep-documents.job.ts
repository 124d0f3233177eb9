import { type DocumentKeeping, type DocumentKey, dueDocuments, workOnDocument } from '@innkeep/features/documents';
import { debounced } from '@innkeep/platform/jobs';
import type { Logger } from '@innkeep/platform/telemetry';
import type { Queue } from 'bullmq';
import { Counter } from 'prom-client';

const SWEEP_MS = 1_000;
const BATCH = 50;

/** A job's name says which document it is about, and a job says nothing else. */
const nameOf = ({ organizationId, id }: DocumentKey): string => `${organizationId}/${id}`;
function keyOf(name: string): DocumentKey {
  const [organizationId, id] = name.split('/') as [string, string];
  return { organizationId: Number(organizationId), id };
}

/**
 * Draws the small images of documents, one at a time, removes files and gives up uploads. What is due stands in PostgreSQL and is looked
 * for once a second; the queue spreads it over the workers. A queue that was lost is filled again by the next look.
 */
export class DocumentKeeper {
  private readonly done = new Counter({
    name: 'documents_kept_total',
    help: 'Documents that were drawn, removed or given up, and attempts that failed',
    labelNames: ['outcome'] as const,
  });
  private sweeping: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly keeping: DocumentKeeping,
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
      const outcome = await workOnDocument(this.keeping, keyOf(name));
      if (outcome) this.done.inc({ outcome });
    } catch (error) {
      this.done.inc({ outcome: 'failed' });
      throw error;
    }
  }

  private async sweep(): Promise<void> {
    try {
      for (const { pool } of this.keeping.shards.all)
        for (const key of await dueDocuments(pool, BATCH)) {
          const name = nameOf(key);
          await this.queue.add(name, {}, debounced(name, 0));
        }
    } catch (error) {
      this.logger.warn({ err: error }, 'the sweep could not look for documents');
    }
  }
}
