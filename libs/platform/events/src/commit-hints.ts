import { CommitHints, type OrganizationRoute } from '@innkeep/platform/database';
import type { Redis } from 'ioredis';

const CHANNEL = 'innkeep:committed';

/**
 * Tells projectors over Redis in which buckets something was committed, once for each turn of the event loop however many commits
 * it saw.
 */
export class RedisCommitHints extends CommitHints {
  private readonly buckets = new Set<number>();

  constructor(private readonly redis: Redis) {
    super();
  }

  committed({ bucket }: OrganizationRoute): void {
    this.buckets.add(bucket);
    if (this.buckets.size > 1) return;
    setImmediate(() => {
      const message = [...this.buckets].join(',');
      this.buckets.clear();
      // Lossy on purpose: whoever misses it looks by itself soon.
      if (this.redis.status === 'ready') this.redis.publish(CHANNEL, message).catch(() => undefined);
    });
  }
}

/** Calls `listener` with the buckets of each hint. Resubscribing after a lost connection is the client's own doing. */
export async function listenForCommits(redis: Redis, listener: (buckets: readonly number[]) => void): Promise<void> {
  redis.on('message', (channel, message) => {
    if (channel === CHANNEL) listener(message.split(',').map(Number));
  });
  await redis.subscribe(CHANNEL);
}
