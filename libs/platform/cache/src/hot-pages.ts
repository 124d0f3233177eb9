import type { Principal, PropertyScope } from '@innkeep/contracts';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';

/** A page as colleagues of the same rights ask for it: enough to ask for it again, and nobody's name. */
export interface HotPage {
  readonly organizationId: number;
  readonly role: Principal['role'];
  readonly properties: PropertyScope;
  readonly url: string;
}

/** For how many pages a process remembers how often they were asked for. */
const PAGES = 20_000;
/** One answer from memory in so many is noted: noting each would cost more than giving it. */
const SAMPLE = 64;
/** How many organizations, and pages of each, are remembered for all processes. */
const ORGANIZATIONS = 1_000;
const PAGES_EACH = 50;
/** Whose count has come below this was looked at too long ago. */
const COLD = 0.5;
/** What has not been hot for so long is forgotten. In seconds. */
const FORGET_SECONDS = 6 * 3_600;

const ORGANIZATIONS_KEY = 'innkeep:hot:{organizations}';
const pagesKey = (organizationId: number) => `innkeep:hot:{${organizationId}}`;

/**
 * Which organizations are busy, and what they look at: counted in each process, added up in Redis, halved from time to time so that
 * yesterday's do not stay. What is lost with Redis is only where to begin warming.
 */
export class HotPages {
  private readonly pages = new LRUCache<string, { page: HotPage; count: number }>({ max: PAGES });
  private tick = 0;

  constructor(private readonly redis: Redis) {}

  /** A page was read, because it was nowhere to be had. */
  read(key: string, page: HotPage): void {
    const known = this.pages.get(key);
    if (known) known.count++;
    else this.pages.set(key, { page, count: 1 });
  }

  /** An answer was given from memory. */
  given(key: string): void {
    if (++this.tick % SAMPLE !== 0) return;
    const known = this.pages.get(key);
    if (known) known.count += SAMPLE;
  }

  /** Adds what was counted to what all processes have counted. */
  async share(): Promise<void> {
    const counted = [...this.pages.values()].filter(({ count }) => count > 0);
    if (counted.length === 0) return;
    const pipeline = this.redis.pipeline();
    for (const one of counted) {
      const { organizationId } = one.page;
      pipeline.zincrby(ORGANIZATIONS_KEY, one.count, String(organizationId));
      pipeline.zincrby(pagesKey(organizationId), one.count, JSON.stringify(one.page));
      pipeline.zremrangebyrank(pagesKey(organizationId), 0, -PAGES_EACH - 1);
      pipeline.expire(pagesKey(organizationId), FORGET_SECONDS);
      one.count = 0;
    }
    pipeline.zremrangebyrank(ORGANIZATIONS_KEY, 0, -ORGANIZATIONS - 1);
    pipeline.expire(ORGANIZATIONS_KEY, FORGET_SECONDS);
    await pipeline.exec();
  }

  /** Lets what is no longer asked for cool down: organizations and their pages, until they are cold and forgotten. */
  async cool(): Promise<void> {
    const organizations = await this.organizations(ORGANIZATIONS);
    const pipeline = this.redis.pipeline();
    for (const key of [ORGANIZATIONS_KEY, ...organizations.map(pagesKey)]) {
      pipeline.zunionstore(key, 1, key, 'WEIGHTS', 0.5);
      pipeline.zremrangebyscore(key, '-inf', `(${COLD}`);
      pipeline.expire(key, FORGET_SECONDS);
    }
    await pipeline.exec();
  }

  /** The busiest organizations, busiest first. */
  async organizations(most: number): Promise<number[]> {
    return (await this.redis.zrange(ORGANIZATIONS_KEY, 0, most - 1, 'REV')).map(Number);
  }

  /** What an organization looks at most, most first. */
  async pagesOf(organizationId: number, most: number): Promise<HotPage[]> {
    const members = await this.redis.zrange(pagesKey(organizationId), 0, most - 1, 'REV');
    return members.map((member) => JSON.parse(member) as HotPage);
  }
}
