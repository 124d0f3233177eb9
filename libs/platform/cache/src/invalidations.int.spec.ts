import { connectRedis, connectRedisListener } from '@innkeep/platform/jobs';
import { eventually, testRedis } from '@innkeep/testing';
import type { Redis } from 'ioredis';
import { AnswerCache } from './answer-cache';
import { followInvalidations, publishInvalidation } from './invalidations';

describe('an answer cache that follows the invalidations', () => {
  const connections: Redis[] = [];
  let publisher: Redis;
  beforeAll(async () => {
    publisher = connectRedis(testRedis().state);
    connections.push(publisher);
    await eventually(() => expect(publisher.status).toBe('ready'));
  });
  afterAll(() => connections.forEach((redis) => redis.disconnect()));

  const keep = (cache: AnswerCache, key: string, tag: string) =>
    cache.store(
      key,
      {
        body: Buffer.from(key),
        etag: '""',
        headers: {},
        headersFor: () => ({}),
        family: 'finance',
        route: '/a',
        position: 1,
        tags: [tag],
      },
      cache.begin(),
    );
  const isKept = (cache: AnswerCache, key: string, tag: string) => {
    keep(cache, key, tag);
    return cache.find(key) !== undefined;
  };
  const follow = async () => {
    const listener = connectRedisListener(testRedis().state);
    connections.push(listener);
    const cache = new AnswerCache({ maxBytes: 100_000, maxAgeMs: 60_000 });
    followInvalidations(listener, cache);
    return { cache, listener };
  };

  it('holds nothing until it hears them', async () => {
    const { cache, listener } = await follow();
    listener.disconnect();
    expect(isKept(cache, 'k', 'a')).toBe(false);
  });

  it('forgets in every process what one of them says has changed', async () => {
    const followers = [await follow(), await follow()];
    for (const { cache } of followers) {
      await eventually(() => expect(isKept(cache, 'k', 'page:1')).toBe(true));
      keep(cache, 'l', 'page:2');
    }
    await publishInvalidation(publisher, ['page:1', 'page:3']);
    for (const { cache } of followers) {
      await eventually(() => expect(cache.find('k')).toBeUndefined());
      expect(cache.find('l')).toBeDefined();
    }
  });

  it('forgets everything when it stops hearing them, and holds again what comes after it hears them', async () => {
    const { cache, listener } = await follow();
    await eventually(() => expect(isKept(cache, 'k', 'page:4')).toBe(true));
    listener.disconnect(true);
    await eventually(() => expect(cache.find('k')).toBeUndefined());
    await eventually(() => expect(isKept(cache, 'k', 'page:4')).toBe(true));
    await publishInvalidation(publisher, ['page:4']);
    await eventually(() => expect(cache.find('k')).toBeUndefined());
  });
});
