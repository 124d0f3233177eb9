import type { Redis } from 'ioredis';
import { type Entry, decodeEntry } from './entry';
import { keysOf, organizationOf } from './keys';
import type { Control, Fanout } from './sources';

/** For how long an organization counts as listened to after that was last said. In milliseconds. */
export const WANTED_MS = 60_000;

/** What the fan-out calls when something comes in. */
export interface FanoutListener {
  events(organizationId: number, entries: readonly Entry[]): void;
  control(organizationId: number, control: Control): void;
  /** The connection was lost and is there again: anything may have been missed. */
  reconnected(): void;
}

/** Sharded pub/sub of Redis: a process hears of the organizations that somebody listens to in it, and of no others. */
export class RedisFanout implements Fanout {
  private readonly subscribed = new Set<number>();

  /** @param listening a connection for nothing else */
  constructor(
    private readonly redis: Redis,
    private readonly listening: Redis,
  ) {}

  follow(listener: FanoutListener): void {
    this.listening.on('smessage', (channel: string, message: string) => {
      const organizationId = organizationOf(channel);
      if (organizationId === undefined) return;
      if (message.startsWith('{')) return listener.control(organizationId, JSON.parse(message) as Control);
      const entries = message.split('\n').map(decodeEntry);
      listener.events(
        organizationId,
        entries.filter((entry) => entry !== undefined),
      );
    });
    // The client subscribes again by itself.
    this.listening.on('ready', () => {
      this.keepWanting([...this.subscribed]);
      listener.reconnected();
    });
  }

  async listen(organizationId: number): Promise<void> {
    this.subscribed.add(organizationId);
    const { wanted, channel } = keysOf(organizationId);
    // Without Redis what happens is read from the log, a little later. A connection that is down subscribes when it is up again.
    const subscribing = this.listening.ssubscribe(channel).catch(() => undefined);
    if (this.redis.status !== 'ready' || this.listening.status !== 'ready') return;
    await Promise.all([subscribing, this.redis.set(wanted, '1', 'PX', WANTED_MS).catch(() => undefined)]);
  }

  unlisten(organizationId: number): void {
    this.subscribed.delete(organizationId);
    this.listening.sunsubscribe(keysOf(organizationId).channel).catch(() => undefined);
  }

  keepWanting(organizationIds: readonly number[]): void {
    if (this.redis.status !== 'ready' || organizationIds.length === 0) return;
    const pipeline = this.redis.pipeline();
    for (const organizationId of organizationIds) pipeline.set(keysOf(organizationId).wanted, '1', 'PX', WANTED_MS);
    pipeline.exec().catch(() => undefined);
  }

  async window(organizationId: number, after: number): Promise<Entry[]> {
    if (this.redis.status !== 'ready') return [];
    const found = await this.redis.xrange(keysOf(organizationId).window, `${after + 1}-0`, '+').catch(() => []);
    return found.map(([, [, line]]) => decodeEntry(line ?? '')).filter((entry) => entry !== undefined);
  }

  async control(organizationId: number, control: Control): Promise<void> {
    await this.redis.spublish(keysOf(organizationId).channel, JSON.stringify(control));
  }
}
