import { type ViewFreshness, readViews } from '@innkeep/features/operations';
import type { Shards } from '@innkeep/platform/database';
import type { HealthProbe } from '@innkeep/platform/telemetry';
import { Counter, Gauge } from 'prom-client';

/** No view has been due for long. A worker that cannot refresh them does its other work. */
export const viewsProbe = (shards: Shards): HealthProbe => ({
  name: 'views',
  probe: async () => {
    const views = await readViews(shards);
    const overdue = views.filter(({ isOverdue }) => isOverdue);
    if (overdue.length > 0) throw new Error(`not refreshed for long: ${overdue.map(({ name }) => name).join(', ')}`);
    return { oldestSeconds: Math.round(Math.max(0, ...views.map(({ ageSeconds }) => ageSeconds))) };
  },
});

/** The age of every view as metrics, read when they are scraped; answers the counter of refreshes. */
export function measureViews(shards: Shards): Counter<'view' | 'outcome'> {
  const labelNames = ['view', 'shard'] as const;
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames });
  const duration = gauge('view_refresh_seconds', 'How long the last refresh of a materialized view took');
  const overdue = gauge('view_overdue', '1 if a materialized view has been due for longer than two rounds');
  new Gauge({
    name: 'view_age_seconds',
    help: 'Time since a materialized view was refreshed',
    labelNames,
    async collect() {
      const views: ViewFreshness[] = await readViews(shards);
      for (const { name: view, shard, ageSeconds, durationSeconds, isOverdue } of views) {
        this.set({ view, shard }, ageSeconds);
        duration.set({ view, shard }, durationSeconds ?? 0);
        overdue.set({ view, shard }, isOverdue ? 1 : 0);
      }
    },
  });
  return new Counter({
    name: 'view_refreshes_total',
    help: 'Refreshes of materialized views, by what became of them',
    labelNames: ['view', 'outcome'] as const,
  });
}
