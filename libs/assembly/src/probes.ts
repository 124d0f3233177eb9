import type { Shards } from '@innkeep/platform/database';
import type { HealthProbe } from '@innkeep/platform/telemetry';
import type { Redis } from 'ioredis';
import { migrations } from './migrations';

const newest = Math.max(...migrations.map(({ number }) => number));

/** The process's own database answers, and has been migrated to what the code expects. */
export const databaseProbe = (shards: Shards): HealthProbe => ({
  name: 'database',
  probe: async () => {
    for (const { name, pool } of shards.all) {
      const { rows } = await pool.query<{ newest: string }>('select max(timestamp) as newest from innkeep.migrations');
      if (Number(rows[0]!.newest) < newest) throw new Error(`${name} waits for migrations`);
    }
  },
});

/** Redis answers; without it everything works, slower. */
export const redisProbe = (redis: Redis): HealthProbe => ({
  name: 'redis',
  probe: async () => {
    await redis.ping();
  },
});
