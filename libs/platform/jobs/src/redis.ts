import { Redis, type RedisOptions } from 'ioredis';

/** A connection for commands: fails at once when the server is away, so that no request waits for it. */
export function connectRedis(url: string, options: RedisOptions = {}): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: 3_000,
    commandTimeout: 1_000,
    retryStrategy: (attempt) => Math.min(100 * 2 ** Math.min(attempt, 5), 2_000),
    ...options,
  });
  // Without a listener a lost connection would end the process. The state is visible in health and in `status`.
  redis.on('error', () => undefined);
  return redis;
}

/** A connection that listens: waits and resubscribes for as long as it takes. */
export const connectRedisListener = (url: string): Redis =>
  connectRedis(url, { enableOfflineQueue: true, maxRetriesPerRequest: null, commandTimeout: undefined });

/** The options BullMQ needs: its workers block on commands and must not give up. */
export const queueConnection = (url: string) => ({ url, maxRetriesPerRequest: null, enableReadyCheck: true });
