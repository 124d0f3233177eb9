import { DomainError } from '@innkeep/contracts';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { httpProblems } from './http.problems';

/** How many attempts to sign in may fail before they have to wait. */
export const signInEnvironment = z.object({
  /** For one account, wherever the attempts come from. */
  SIGN_IN_FREE_ATTEMPTS_ACCOUNT: z.coerce.number().int().min(1).max(1_000_000).default(5),
  /** From one address, whatever account they are for. Behind a proxy all clients have the proxy's address: raise it there. */
  SIGN_IN_FREE_ATTEMPTS_ADDRESS: z.coerce.number().int().min(1).max(1_000_000).default(30),
});
export type SignInEnvironment = z.infer<typeof signInEnvironment>;

/**
 * Counts an attempt, unless it comes too early: once the free ones are used up, each makes the next one wait twice as long. Counted
 * before it is known how it ends, so that a crowd of guesses sent at once is no way around. Answers how long to wait, 0 if it counts.
 */
const countAttempt = `
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local count = tonumber(redis.call('HGET', KEYS[1], 'count') or '0')
local next = tonumber(redis.call('HGET', KEYS[1], 'next') or '0')
if next > ms then return next - ms end
count = count + 1
local over = count - tonumber(ARGV[1])
local pause = 0
if over >= 0 then pause = math.min(1000 * 2 ^ math.min(over, 20), tonumber(ARGV[2])) end
redis.call('HSET', KEYS[1], 'count', count, 'next', ms + pause)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 0`;

/** Takes an attempt back that turned out to be right. */
const takeBack = `
local count = tonumber(redis.call('HGET', KEYS[1], 'count') or '0')
if count > 0 then redis.call('HSET', KEYS[1], 'count', count - 1, 'next', 0) end
return 0`;

interface Kind {
  readonly name: 'account' | 'address';
  readonly free: number;
  /** The longest pause: long enough to make guessing hopeless, short enough not to lock anybody out. */
  readonly longestMs: number;
}

/** How long failures are remembered after the last one. */
const REMEMBERED_MS = 60 * 60_000;

/**
 * Slows down guessing: attempts to sign in are counted by account and by address, and after a few failures each has to wait longer
 * than the one before. In Redis for all processes; while it is away each process counts by itself.
 */
export class SignInAttempts {
  private readonly account: Kind;
  private readonly address: Kind;
  private readonly own = new LRUCache<string, { count: number; next: number }>({ max: 100_000, ttl: REMEMBERED_MS });

  constructor(
    private readonly redis: Redis,
    settings: SignInEnvironment,
  ) {
    this.account = { name: 'account', free: settings.SIGN_IN_FREE_ATTEMPTS_ACCOUNT, longestMs: 60_000 };
    this.address = { name: 'address', free: settings.SIGN_IN_FREE_ATTEMPTS_ADDRESS, longestMs: 15 * 60_000 };
  }

  /**
   * Counts an attempt, or refuses it if it comes too early. `account` is whatever the secret belongs to, whether or not it exists.
   * To be called before the secret is looked at; and the answer, when the secret was right.
   */
  async begin(account: string, address: string): Promise<() => Promise<void>> {
    await this.count(this.address, address);
    await this.count(this.account, account);
    return async () => {
      // The account starts anew; the address does not, or whoever has an account of their own could guess for ever.
      await Promise.all([this.forget(this.account, account), this.uncount(this.address, address)]);
    };
  }

  private async count(kind: Kind, who: string): Promise<void> {
    const wait = await this.counted(kind, keyOf(kind, who));
    if (wait <= 0) return;
    const seconds = Math.ceil(wait / 1_000);
    throw new DomainError(
      httpProblems['too-many-attempts'],
      kind.name === 'account'
        ? 'There were too many failed attempts for this account. Wait before the next one.'
        : 'There were too many failed attempts from this address. Wait before the next one.',
      { headers: { 'retry-after': String(seconds) } },
    );
  }

  private async counted({ free, longestMs }: Kind, key: string): Promise<number> {
    try {
      return Number(await this.redis.eval(countAttempt, 1, key, free, longestMs, REMEMBERED_MS));
    } catch {
      const now = performance.now();
      const known = this.own.get(key) ?? { count: 0, next: 0 };
      if (known.next > now) return known.next - now;
      const count = known.count + 1;
      const over = count - free;
      this.own.set(key, { count, next: over >= 0 ? now + Math.min(1_000 * 2 ** Math.min(over, 20), longestMs) : 0 });
      return 0;
    }
  }

  private async forget(kind: Kind, who: string): Promise<void> {
    this.own.delete(keyOf(kind, who));
    await this.redis.del(keyOf(kind, who)).catch(() => undefined);
  }

  private async uncount(kind: Kind, who: string): Promise<void> {
    const key = keyOf(kind, who);
    const known = this.own.get(key);
    if (known) this.own.set(key, { count: Math.max(0, known.count - 1), next: 0 });
    await this.redis.eval(takeBack, 1, key).catch(() => undefined);
  }
}

/** What guesses at an operator's password are counted by, at the API and at the queues alike. */
export const operatorAttempts = (emailHash: Buffer): string => `operator ${emailHash.toString('base64url')}`;

const keyOf = ({ name }: Kind, who: string) => `innkeep:attempts:${name}:${who}`;
