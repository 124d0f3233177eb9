import type { Counter } from 'prom-client';

/** Where an answer was looked for, and what came of it. */
export type Tier = 'memory' | 'redis';
export type Outcome = 'hit' | 'stale' | 'miss' | 'joined';

/** Counts where answers were found and where not, by tier and route. Costs an addition: it is done for each answer from memory. */
export class AnswerCounts {
  private readonly counts = new Map<string, { tier: Tier; outcome: Outcome; route: string; count: number }>();

  count(tier: Tier, outcome: Outcome, route: string): void {
    const key = `${tier} ${outcome} ${route}`;
    const known = this.counts.get(key);
    if (known) known.count++;
    else this.counts.set(key, { tier, outcome, route, count: 1 });
  }

  /** What was counted since the last time, for the metric to be scraped. */
  moveTo(counter: Counter<'tier' | 'outcome' | 'route'>): void {
    for (const one of this.counts.values()) {
      if (one.count === 0) continue;
      counter.inc({ tier: one.tier, outcome: one.outcome, route: one.route }, one.count);
      one.count = 0;
    }
  }
}
