import type { Redis } from 'ioredis';
import type { AnswerCache } from './answer-cache';

const CHANNEL = 'innkeep:invalidated';

/** Publishes invalidated tags to all processes that hold answers. */
export async function publishInvalidation(redis: Redis, tags: readonly string[]): Promise<void> {
  await redis.publish(CHANNEL, JSON.stringify(tags));
}

/**
 * Keeps an answer cache true to the invalidations. While the subscription is down the cache holds nothing: a message that was
 * missed can then have left nothing stale behind.
 */
export function followInvalidations(redis: Redis, cache: AnswerCache): void {
  cache.trust(false);
  redis.on('message', (channel, message) => {
    if (channel === CHANNEL) cache.invalidate(JSON.parse(message) as string[]);
  });
  redis.on('close', () => cache.trust(false));
  redis.on('ready', () => {
    void redis.subscribe(CHANNEL).then(
      () => cache.trust(true),
      () => undefined,
    );
  });
}
