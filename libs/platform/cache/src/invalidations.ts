import type { Redis } from 'ioredis';
import type { AnswerCache } from './answer-cache';

const CHANNEL = 'innkeep:invalidated';
/** How often a listening connection is asked whether it is still there, and how long it has to answer. */
const PING_MS = 1_000;
const ANSWER_MS = 2_000;

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
  // A connection that is open at one end only says nothing: it has to answer.
  const listening = setInterval(() => {
    if (redis.status !== 'ready') return;
    const silence = setTimeout(() => redis.disconnect(true), ANSWER_MS);
    redis.ping().then(
      () => clearTimeout(silence),
      () => clearTimeout(silence),
    );
  }, PING_MS);
  redis.on('end', () => clearInterval(listening));
  redis.on('close', () => cache.trust(false));
  redis.on('ready', () => {
    void redis.subscribe(CHANNEL).then(
      () => cache.trust(true),
      () => undefined,
    );
  });
}
