import { CommitHints } from '@innkeep/platform/database';
import type { Redis } from 'ioredis';

const CHANNEL = 'innkeep:committed';

/** Tells projectors over Redis that something was committed, once for each turn of the event loop however many commits it saw. */
export class RedisCommitHints extends CommitHints {
  private isPending = false;

  constructor(private readonly redis: Redis) {
    super();
  }

  committed(): void {
    if (this.isPending) return;
    this.isPending = true;
    setImmediate(() => {
      this.isPending = false;
      // Lossy on purpose: whoever misses it looks by itself soon.
      if (this.redis.status === 'ready') this.redis.publish(CHANNEL, '').catch(() => undefined);
    });
  }
}

/** Calls `listener` for each hint. Resubscribing after a lost connection is the client's own doing. */
export async function listenForCommits(redis: Redis, listener: () => void): Promise<void> {
  redis.on('message', (channel) => {
    if (channel === CHANNEL) listener();
  });
  await redis.subscribe(CHANNEL);
}
