import type { Redis, Result } from 'ioredis';
import { keysOf } from './keys';

/** A lease that is not renewed ends after this: that of a process that crashed. In milliseconds. */
export const LEASE_MS = 60_000;

/** How many streams may be open at once. */
export interface StreamLimits {
  readonly perUser: number;
  readonly perOrganization: number;
}

/** A stream as far as it counts. */
export interface Leased {
  readonly id: string;
  readonly organizationId: number;
  readonly userId: number;
}

/** By the clock of the server: those of processes differ. Leases that are over are swept out before anything is counted. */
const TAKE = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('zremrangebyscore', KEYS[1], '-inf', now)
redis.call('zremrangebyscore', KEYS[2], '-inf', now)
if redis.call('zcard', KEYS[2]) >= tonumber(ARGV[2]) then return 1 end
if redis.call('zcard', KEYS[1]) >= tonumber(ARGV[3]) then return 2 end
for _, key in ipairs(KEYS) do
  redis.call('zadd', key, now + ${LEASE_MS}, ARGV[1])
  redis.call('pexpire', key, ${LEASE_MS})
end
return 0`;

const RENEW = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, id in ipairs(ARGV) do redis.call('zadd', KEYS[1], now + ${LEASE_MS}, id) end
redis.call('pexpire', KEYS[1], ${LEASE_MS})
return #ARGV`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    innkeepTakeLease(...keysAndArguments: (string | number)[]): Result<number, Context>;
    innkeepRenewLeases(...keyAndIds: string[]): Result<number, Context>;
  }
}

const IDS = 500;

/** Counts streams. */
export interface Leases {
  /** Takes a lease; answers whose limit is reached, if one is. */
  take(leased: Leased): Promise<'user' | 'organization' | undefined>;
  release(leased: Leased): void;
  renew(): Promise<void>;
  limitOf(whose: 'user' | 'organization'): number;
}

/**
 * Counts the streams of users and organizations over all processes, exactly: each holds a lease that its process renews, so what a crash
 * leaves behind is gone within a minute. While Redis is away each process counts its own.
 */
export class StreamLeases implements Leases {
  private readonly own = new Map<string, Leased>();

  constructor(
    private readonly redis: Redis,
    private readonly limits: StreamLimits,
  ) {
    redis.defineCommand('innkeepTakeLease', { numberOfKeys: 2, lua: TAKE });
    redis.defineCommand('innkeepRenewLeases', { numberOfKeys: 1, lua: RENEW });
  }

  /** Takes a lease; answers whose limit is reached, if one is. */
  async take(leased: Leased): Promise<'user' | 'organization' | undefined> {
    const { streams, streamsOf } = keysOf(leased.organizationId);
    const { perUser, perOrganization } = this.limits;
    const full =
      this.redis.status === 'ready'
        ? await this.redis
            .innkeepTakeLease(streams, streamsOf(leased.userId), leased.id, perUser, perOrganization)
            .catch(() => this.fullHere(leased))
        : this.fullHere(leased);
    if (full === 1) return 'user';
    if (full === 2) return 'organization';
    this.own.set(leased.id, leased);
    return undefined;
  }

  limitOf(whose: 'user' | 'organization'): number {
    return whose === 'user' ? this.limits.perUser : this.limits.perOrganization;
  }

  private fullHere({ organizationId, userId }: Leased): number {
    const here = [...this.own.values()].filter((one) => one.organizationId === organizationId);
    if (here.filter((one) => one.userId === userId).length >= this.limits.perUser) return 1;
    return here.length >= this.limits.perOrganization ? 2 : 0;
  }

  release({ id, organizationId, userId }: Leased): void {
    this.own.delete(id);
    if (this.redis.status !== 'ready') return;
    const { streams, streamsOf } = keysOf(organizationId);
    this.redis
      .pipeline()
      .zrem(streams, id)
      .zrem(streamsOf(userId), id)
      .exec()
      .catch(() => undefined);
  }

  /** Whether a user has a stream by this id open at any process. */
  async has({ id, organizationId, userId }: Leased): Promise<boolean> {
    if (this.own.has(id)) return this.own.get(id)!.userId === userId;
    if (this.redis.status !== 'ready') return false;
    const until = await this.redis.zscore(keysOf(organizationId).streamsOf(userId), id);
    return until !== null && Number(until) > Date.now();
  }

  /** Renews what this process holds; puts back what a Redis that was emptied has lost. */
  async renew(): Promise<void> {
    if (this.redis.status !== 'ready' || this.own.size === 0) return;
    const byKey = new Map<string, string[]>();
    const add = (key: string, id: string) => {
      const ids = byKey.get(key);
      if (ids) ids.push(id);
      else byKey.set(key, [id]);
    };
    for (const { id, organizationId, userId } of this.own.values()) {
      const { streams, streamsOf } = keysOf(organizationId);
      add(streams, id);
      add(streamsOf(userId), id);
    }
    const pipeline = this.redis.pipeline();
    for (const [key, ids] of byKey)
      for (let at = 0; at < ids.length; at += IDS) pipeline.innkeepRenewLeases(key, ...ids.slice(at, at + IDS));
    await pipeline.exec().catch(() => undefined);
  }
}
