import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';

/**
 * Takes up to `want` tokens from a bucket that refills evenly (a generic cell rate algorithm: one number, the time at which the
 * bucket would be full again). Answers how many were given, and how many milliseconds until the next one.
 */
const takeTokens = `
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local interval = tonumber(ARGV[1]) / tonumber(ARGV[2])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or ms), ms)
local free = math.floor((tonumber(ARGV[1]) - (full - ms)) / interval + 0.000001)
local given = math.max(0, math.min(free, tonumber(ARGV[3])))
if given > 0 then
  full = full + given * interval
  redis.call('SET', KEYS[1], full, 'PX', math.ceil(full - ms) + 1000)
end
return { given, math.ceil(interval - (tonumber(ARGV[1]) - (full - ms)) % interval), math.ceil(full - ms), math.max(0, free - given) }`;

interface Lease {
  tokens: number;
  /** What the shared bucket still had when this was taken. */
  elsewhere: number;
  /** Milliseconds on the monotonic clock until which nothing need be asked, because nothing is there. */
  emptyUntil: number;
  fullAt: number;
}

/**
 * Token buckets in Redis, behind @nestjs/throttler. Tokens are leased in small blocks, so that most requests cost no round trip;
 * leased tokens are gone from the shared bucket and fall back to it as it refills, so processes together never admit more than the limit. While Redis is away each
 * process keeps buckets of its own: a limit for each process, never none.
 */
export class TokenBuckets implements ThrottlerStorage {
  private readonly leases = new LRUCache<string, Lease>({ max: 100_000, ttl: 60_000 });
  private readonly own = new LRUCache<string, { tokens: number; at: number }>({ max: 100_000 });

  constructor(private readonly redis: Redis) {}

  async increment(
    key: string,
    ttl: number,
    limit: number,
  ): Promise<{ totalHits: number; timeToExpire: number; isBlocked: boolean; timeToBlockExpire: number }> {
    const lease = this.leases.get(key);
    const now = performance.now();
    if (lease) lease.tokens = stillGood(lease, ttl / limit, now);
    if (lease && lease.tokens > 0) {
      lease.tokens--;
      return admitted(lease, limit, now);
    }
    if (lease && lease.emptyUntil > now) return refused(limit, lease.emptyUntil - now);
    const fresh = await this.take(key, ttl, limit, now);
    // Requests that asked at the same time each bring a lease: they add up, and one that comes back empty takes nothing from them.
    fresh.tokens += this.leases.get(key)?.tokens ?? 0;
    this.leases.set(key, fresh);
    if (fresh.tokens < 1) return refused(limit, Math.max(fresh.emptyUntil - now, 1));
    fresh.tokens--;
    return admitted(fresh, limit, now);
  }

  private async take(key: string, ttl: number, limit: number, now: number): Promise<Lease> {
    const block = Math.max(1, Math.floor(limit / 50));
    try {
      const [given, next, full, elsewhere] = (await this.redis.eval(
        takeTokens,
        1,
        `innkeep:rate:${key}`,
        ttl,
        limit,
        block,
      )) as [number, number, number, number];
      return { tokens: given, elsewhere, emptyUntil: given > 0 ? 0 : now + next, fullAt: now + full };
    } catch {
      return this.takeOwn(key, ttl, limit, now);
    }
  }

  private takeOwn(key: string, ttl: number, limit: number, now: number): Lease {
    const interval = ttl / limit;
    const bucket = this.own.get(key) ?? { tokens: limit, at: now };
    const tokens = Math.min(limit, bucket.tokens + (now - bucket.at) / interval);
    const given = tokens >= 1 ? 1 : 0;
    this.own.set(key, { tokens: tokens - given, at: now });
    return {
      tokens: given,
      elsewhere: Math.floor(tokens - given),
      emptyUntil: given ? 0 : now + (1 - tokens) * interval,
      fullAt: now + (limit - tokens) * interval,
    };
  }
}

/**
 * How many leased tokens still count. The shared bucket refills as if they had been used; by the time at which it would be full with
 * them they are in it again, and using them besides would admit more than the limit.
 */
const stillGood = ({ tokens, fullAt }: Lease, interval: number, now: number): number =>
  Math.min(tokens, Math.max(0, Math.ceil((fullAt - now) / interval)));

const admitted = ({ tokens, elsewhere, fullAt }: Lease, limit: number, now: number) => ({
  totalHits: Math.max(1, limit - elsewhere - tokens),
  timeToExpire: Math.max(1, Math.ceil((fullAt - now) / 1000)),
  isBlocked: false,
  timeToBlockExpire: 0,
});

const refused = (limit: number, milliseconds: number) => {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return { totalHits: limit + 1, timeToExpire: seconds, isBlocked: true, timeToBlockExpire: seconds };
};
