import { connectRedis } from '@innkeep/platform/jobs';
import { eventually, testRedis } from '@innkeep/testing';
import type { Redis } from 'ioredis';
import { CacheWarmer } from './cache-warmer';
import { type HotPage, HotPages } from './hot-pages';

const page = (organizationId: number, url: string): HotPage => ({
  organizationId,
  url,
  role: 'owner',
  properties: 'all',
});
const budget = { organizations: 10, pages: 10, seconds: 60 };

describe('what is looked at most is warmed', () => {
  let redis: Redis;
  beforeAll(async () => {
    redis = connectRedis(testRedis().cache);
    await eventually(() => expect(redis.status).toBe('ready'));
  });
  afterAll(() => redis.disconnect());
  beforeEach(() => redis.del('innkeep:hot:{organizations}', 'innkeep:hot:{1}', 'innkeep:hot:{2}'));

  /** Several processes of which each has been asked for these pages. */
  const shared = async (...pages: HotPage[][]) => {
    for (const ofOne of pages) {
      const hot = new HotPages(redis);
      ofOne.forEach((one) => hot.read(one.url, one));
      await hot.share();
      await hot.share();
    }
    return new HotPages(redis);
  };

  it('over all processes, busiest first', async () => {
    const [a, b, c] = [page(1, '/a'), page(2, '/b'), page(2, '/c')];
    const hot = await shared([a, b, c, c], [b, c]);
    expect(await hot.organizations(5)).toEqual([2, 1]);
    expect(await hot.pagesOf(2, 1)).toEqual([c]);
    const asked: string[] = [];
    const warmer = new CacheWarmer(hot, async ({ url }) => asked.push(url) > 0);
    expect(await warmer.warm(budget)).toMatchObject({ organizations: 2, pages: 3, failed: 0, isCutShort: false });
    expect(asked).toEqual(['/c', '/b', '/a']);
    expect(await warmer.warm({ ...budget, organizationIds: [1] })).toMatchObject({ organizations: 1, pages: 1 });
  });

  it('and cools down when nobody asks any more', async () => {
    const hot = await shared([page(1, '/a'), page(1, '/a'), page(1, '/a')]);
    await hot.cool();
    const fresh = new HotPages(redis);
    for (let time = 0; time < 2; time++) fresh.read('/b', page(2, '/b'));
    await fresh.share();
    expect(await hot.organizations(5)).toEqual([2, 1]);
    for (let time = 0; time < 2; time++) await hot.cool();
    expect([await hot.organizations(5), await hot.pagesOf(1, 5)]).toEqual([[2], []]);
    expect(await hot.pagesOf(2, 5)).toEqual([page(2, '/b')]);
  });

  it('pages that are new come before those of yesterday', async () => {
    const hot = await shared([...Array.from({ length: 4 }, () => page(1, '/yesterday')), page(1, '/today')]);
    for (let time = 0; time < 2; time++) await hot.cool();
    const fresh = new HotPages(redis);
    for (let time = 0; time < 2; time++) fresh.read('/today', page(1, '/today'));
    await fresh.share();
    expect((await hot.pagesOf(1, 5)).map(({ url }) => url)).toEqual(['/today', '/yesterday']);
  });

  it('within its budget, and whatever fails', async () => {
    const hot = await shared([page(1, '/a'), page(1, '/b'), page(2, '/c')]);
    const failing = new CacheWarmer(hot, async () => Promise.reject(new Error('no')));
    expect(await failing.warm(budget)).toMatchObject({ pages: 0, failed: 3 });
    const none = new CacheWarmer(hot, async () => true);
    expect(await none.warm({ ...budget, seconds: 0 })).toMatchObject({ pages: 0, isCutShort: true });
    expect(await none.warm({ ...budget, organizations: 1, pages: 1 })).toMatchObject({ organizations: 1, pages: 1 });
  });
});
