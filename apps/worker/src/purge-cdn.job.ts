import type { Shards } from '@innkeep/platform/database';
import { type EdgeState, PurgeGate, type PurgeProvider, drainPurges, hasOverduePurges } from '@innkeep/platform/edge';
import type { Logger } from '@innkeep/platform/telemetry';
import { Counter } from 'prom-client';

const SWEEP_MS = 1_000;

/** What purges are counted in. */
const labelled = (name: string, help: string) => new Counter({ name, help, labelNames: ['provider'] as const });

/** The counters of all providers. */
export class PurgeMetrics {
  readonly purged = labelled('purged_tags_total', 'Cache tags purged and confirmed');
  readonly requests = labelled('purge_requests_total', 'Requests sent to a provider');
  readonly failures = labelled('purge_failures_total', 'Purges a provider refused or did not confirm');
}

/** What a drain is made of. */
export interface PurgeDrainParts {
  readonly shards: Shards;
  readonly edge: EdgeState;
  readonly metrics: PurgeMetrics;
  readonly logger: Logger;
}

/**
 * Drains the purges of one provider: when a job says that some were asked for, and every second by itself what is due and was not
 * drained, so that a lost queue delays a purge by a second and loses none.
 */
export class PurgeDrain {
  private running: Promise<void> | undefined;
  private sweeping: NodeJS.Timeout | undefined;
  private readonly gate: PurgeGate;

  constructor(
    private readonly parts: PurgeDrainParts,
    readonly provider: PurgeProvider,
  ) {
    this.gate = new PurgeGate(parts.edge.providers, provider);
  }

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
    const { shards, metrics, logger } = this.parts;
    const { name } = this.provider;
    for (const shard of shards.all) {
      try {
        const { purged, requests } = await drainPurges(shard.pool, this.provider, this.gate);
        metrics.purged.inc({ provider: name }, purged);
        metrics.requests.inc({ provider: name }, requests);
      } catch (error) {
        metrics.failures.inc({ provider: name });
        logger.warn({ err: error, provider: name }, 'purge not confirmed, it will be sent again');
      }
    }
  }

  private async sweep(): Promise<void> {
    try {
      for (const shard of this.parts.shards.all)
        if (await hasOverduePurges(shard.pool, this.provider)) await this.drain();
    } catch (error) {
      this.parts.logger.warn({ err: error }, 'the sweep could not look for purges');
    }
  }
}
