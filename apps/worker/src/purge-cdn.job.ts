import type { Shards } from '@innkeep/platform/database';
import { type PurgeProvider, drainPurges, hasOverduePurges } from '@innkeep/platform/edge';
import type { Logger } from '@innkeep/platform/telemetry';
import { Counter } from 'prom-client';

const SWEEP_MS = 1_000;

/**
 * Drains purges: when a job says that some were asked for, and every second by itself what is due and was not drained, so that a
 * lost queue delays a purge by a second and loses none.
 */
export class PurgeDrain {
  private running: Promise<void> | undefined;
  private readonly purged = new Counter({
    name: 'purged_tags_total',
    help: 'Cache tags purged and confirmed',
    labelNames: ['provider'] as const,
  });
  private readonly failures = new Counter({
    name: 'purge_failures_total',
    help: 'Purges a provider refused or did not confirm',
    labelNames: ['provider'] as const,
  });
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly shards: Shards,
    private readonly provider: PurgeProvider,
    private readonly logger: Logger,
  ) {}

  startSweeping(): void {
    this.sweeping = setInterval(() => void this.sweep(), SWEEP_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.sweeping);
    await this.running;
  }

  /** Drains once at a time; who comes while it runs waits for that run. A failed purge is due again by itself. */
  drain(): Promise<void> {
    this.running ??= this.drainAll().finally(() => (this.running = undefined));
    return this.running;
  }

  private async drainAll(): Promise<void> {
    for (const shard of this.shards.all) {
      try {
        const count = await drainPurges(shard.pool, this.provider);
        if (count > 0) this.purged.inc({ provider: this.provider.name }, count);
      } catch (error) {
        this.failures.inc({ provider: this.provider.name });
        this.logger.warn({ err: error, provider: this.provider.name }, 'purge not confirmed, it will be sent again');
      }
    }
  }

  private async sweep(): Promise<void> {
    try {
      for (const shard of this.shards.all) if (await hasOverduePurges(shard.pool, this.provider)) await this.drain();
    } catch (error) {
      this.logger.warn({ err: error }, 'the sweep could not look for purges');
    }
  }
}
