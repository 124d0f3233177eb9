import { systemPrincipal } from '@innkeep/contracts';
import type { CommandContext, Shards } from '@innkeep/platform/database';
import type { TimedWork } from './timed-work';
import type { Logger } from '@innkeep/platform/telemetry';
import type { CommandBus } from '@nestjs/cqrs';
import type { Pool } from 'pg';
import { Counter } from 'prom-client';

const BATCH = 100;
/** How long something that failed is left alone, so that it holds up nothing that is due behind it. */
const PAUSE_MS = 60_000;

interface Due {
  readonly organization_id: string;
  readonly id: string;
}

/** The principal of what nobody asked for: the worker, on behalf of the organization. */
const onBehalfOf = (organizationId: number, requestId: string): CommandContext => ({
  principal: systemPrincipal(organizationId, 'all'),
  requestId,
});

/** Dispatches the commands that time brings about. */
export class TimedWorker {
  private readonly done = new Counter({
    name: 'timed_work_total',
    help: 'Commands that the worker dispatched because their time had come',
    labelNames: ['work', 'outcome'] as const,
  });
  /** What failed, and when it may be tried again, in milliseconds of the system's clock. */
  private readonly paused = new Map<string, number>();

  constructor(
    private readonly shards: Shards,
    private readonly commands: CommandBus,
    private readonly logger: Logger,
  ) {}

  /** Does everything of a kind that is due at a moment. Answers how many commands were carried out and how many failed. */
  async run(work: TimedWork, now: Date): Promise<{ done: number; failed: number }> {
    const outcome = { done: 0, failed: 0 };
    this.forgetPauses();
    for (const { pool } of this.shards.all)
      for await (const due of this.find(pool, work, now))
        outcome[(await this.dispatch(work, due, now)) ? 'done' : 'failed']++;
    return outcome;
  }

  /** What is due, each once: what is still due after its command is left for the next round, or this one would never end. */
  private async *find(pool: Pool, { name, due }: TimedWork, now: Date): AsyncGenerator<Due> {
    const seen = new Set<string>();
    let left = 0;
    for (let isMore = true; isMore;) {
      const limit = BATCH + left;
      const { rows } = await pool.query<Due>(`select organization_id, id from ${due}($1, $2)`, [now, limit]);
      const fresh = rows.filter((one) => !seen.has(keyOf(name, one)) && !this.paused.has(keyOf(name, one)));
      for (const one of fresh) seen.add(keyOf(name, one));
      yield* fresh;
      left = rows.length - fresh.length;
      isMore = rows.length === limit;
    }
  }

  private async dispatch(work: TimedWork, due: Due, now: Date): Promise<boolean> {
    const key = keyOf(work.name, due);
    try {
      await this.commands.execute(work.command(onBehalfOf(Number(due.organization_id), key), due.id, now));
      this.done.inc({ work: work.name, outcome: 'done' });
      return true;
    } catch (error) {
      this.paused.set(key, Date.now() + PAUSE_MS);
      this.done.inc({ work: work.name, outcome: 'failed' });
      this.logger.warn({ err: error, work: work.name, organizationId: due.organization_id, id: due.id }, 'timed work');
      return false;
    }
  }

  private forgetPauses(): void {
    for (const [key, until] of this.paused) if (until <= Date.now()) this.paused.delete(key);
  }
}

const keyOf = (work: string, { organization_id, id }: Due): string => `${work}:${organization_id}:${id}`;
