import type { Shards } from '@innkeep/platform/database';
import { type TrackLag, readLag } from '@innkeep/platform/events';
import type { HealthProbe } from '@innkeep/platform/telemetry';
import { Gauge } from 'prom-client';

/** Behind by more than this, users see old answers: health says so. In seconds. */
const DEGRADED_SECONDS = 10;

const lagOf = async (shards: Shards): Promise<(TrackLag & { shard: string })[]> =>
  (
    await Promise.all(
      shards.all.map(async ({ name, pool }) => (await readLag(pool)).map((lag) => ({ shard: name, ...lag }))),
    )
  ).flat();

/** Read models and reactors keep up with the log. Asked of the database, so that a dead projector cannot look healthy. */
export const lagProbe = (shards: Shards): HealthProbe => ({
  name: 'projections',
  probe: async () => {
    const worst = (await lagOf(shards)).reduce((seconds, { secondsBehind }) => Math.max(seconds, secondsBehind), 0);
    if (worst > DEGRADED_SECONDS) throw new Error(`behind the log by ${Math.round(worst)} seconds`);
    return { secondsBehind: Math.round(worst * 1_000) / 1_000 };
  },
});

/** The lag of every track as metrics, read from the counters and checkpoints when they are scraped. */
export function measureLag(shards: Shards): void {
  const labelNames = ['track', 'shard'] as const;
  const events = new Gauge({
    name: 'projection_lag_events',
    help: 'Events in the log that a track has not taken',
    labelNames,
  });
  new Gauge({
    name: 'projection_lag_seconds',
    help: 'Age of the oldest event that a track has not taken',
    labelNames,
    async collect() {
      for (const { track, shard, eventsBehind, secondsBehind } of await lagOf(shards)) {
        this.set({ track, shard }, secondsBehind);
        events.set({ track, shard }, eventsBehind);
      }
    },
  });
}
