import { cacheFamilies } from '@innkeep/contracts';
import type { Shards } from '@innkeep/platform/database';
import {
  type EdgeState,
  type LeakProbeSettings,
  ProbeWindow,
  type PurgeProvider,
  Rollback,
  probeForLeaks,
  purgeLagSeconds,
  tripBreaker,
} from '@innkeep/platform/edge';
import type { Logger } from '@innkeep/platform/telemetry';
import { Counter, Gauge } from 'prom-client';

const LOOK_MS = 5_000;
const PROBE_MS = 15_000;

/** What the edge is watched with. */
export interface EdgeWatchParts {
  readonly shards: Shards;
  readonly edge: EdgeState;
  readonly providers: readonly PurgeProvider[];
  /** Without it nobody asks at the edge for what belongs to somebody else. */
  readonly probe?: LeakProbeSettings;
  readonly logger: Logger;
}

/**
 * Looks at how the edge is doing: how late purges are, and by a probe whether it answers and whether it keeps organizations apart. What
 * is wrong takes lifetime away from the families of the cache. Every worker looks; what they find is the same, and is done once.
 */
export class EdgeWatch {
  private readonly window = new ProbeWindow();
  private readonly rollback: Rollback;
  private readonly lag = new Gauge({ name: 'purge_lag_seconds', help: 'How long the oldest purge has waited' });
  private readonly steps = new Counter({
    name: 'edge_family_steps_total',
    help: 'Lifetimes at the edge that were lowered or given back',
    labelNames: ['family', 'step'] as const,
  });
  private readonly probes = new Counter({
    name: 'edge_probes_total',
    help: 'Requests of the probe at the edge',
    labelNames: ['outcome'] as const,
  });
  private timers: NodeJS.Timeout[] = [];
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: EdgeWatchParts) {
    const families = Object.values(cacheFamilies).map(({ name }) => name);
    this.rollback = new Rollback(parts.edge, families);
  }

  start(): void {
    // Where nothing is kept no lifetime has to be lowered, however late purges are.
    if (this.parts.providers.every(({ name }) => name === 'log')) return;
    this.every(LOOK_MS, () => this.look());
    if (this.parts.probe) this.every(PROBE_MS, () => this.probe(this.parts.probe!));
  }

  async stop(): Promise<void> {
    this.timers.forEach((timer) => clearInterval(timer));
    await this.running;
  }

  /** One thing after the other, and none that waits for one that hangs. */
  private every(milliseconds: number, work: () => Promise<void>): void {
    let isBusy = false;
    const run = () => {
      if (isBusy) return;
      isBusy = true;
      this.running = this.running
        .then(work)
        .catch((error: unknown) => this.parts.logger.warn({ err: error }, 'the edge could not be looked at'))
        .finally(() => (isBusy = false));
    };
    this.timers.push(setInterval(run, milliseconds));
  }

  /** Looks how late purges are, and does what has to be done about that and about what the probe has found. */
  async look(isCrossed = false): Promise<void> {
    const lags = await Promise.all(this.parts.shards.all.map(({ pool }) => purgeLagSeconds(pool)));
    const lag = Math.max(0, ...lags);
    this.lag.set(lag);
    const changes = await this.rollback.assess({ purgeLagSeconds: lag, edgeErrors: this.window.errors(), isCrossed });
    for (const change of changes) {
      this.steps.inc({ family: change.family, step: change.after });
      this.parts.logger.warn(change, 'a cache family has another lifetime at the edge');
    }
  }

  /** Asks at the edge for what belongs to somebody else; whoever gets it ends all keeping there. */
  async probe(settings: LeakProbeSettings): Promise<void> {
    const { crossed, requests, errors } = await probeForLeaks(settings);
    for (let request = 0; request < requests; request++) this.window.note(request < errors);
    this.probes.inc({ outcome: 'error' }, errors);
    this.probes.inc({ outcome: 'answered' }, requests - errors);
    if (crossed.length === 0) return;
    this.probes.inc({ outcome: 'crossed' }, crossed.length);
    this.parts.logger.fatal({ paths: crossed }, 'the edge gave somebody what belongs to another organization');
    await this.look(true);
    for (const { name, purgeEverything } of this.parts.providers) {
      await tripBreaker(this.parts.edge, name);
      // Nothing new is kept from here on; what is there already has to go too.
      await purgeEverything?.().catch((error: unknown) =>
        this.parts.logger.error({ err: error, provider: name }, 'the edge could not be emptied: do it by hand'),
      );
    }
  }
}
