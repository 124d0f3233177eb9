import type { Shards } from '@innkeep/platform/database';
import type { HealthProbe } from '@innkeep/platform/telemetry';
import type { Redis } from 'ioredis';

/** The process's own database answers. */
export const databaseProbe = (shards: Shards): HealthProbe => ({
  name: 'database',
  probe: async () => {
    await Promise.all(shards.all.map((shard) => shard.pool.query('select 1')));
  },
});

/** Redis answers; without it everything works, slower. */
export const redisProbe = (redis: Redis): HealthProbe => ({
  name: 'redis',
  probe: async () => {
    await redis.ping();
  },
});
