import { connectRedis, connectRedisListener } from '@innkeep/platform/jobs';
import { eventually, testRedis } from '@innkeep/testing';
import type { Redis } from 'ioredis';
import { RedisCommitHints, listenForCommits } from './commit-hints';

describe('hints of commits', () => {
  const connections: Redis[] = [];
  const kept = (redis: Redis) => {
    connections.push(redis);
    return redis;
  };
  afterAll(() => connections.forEach((redis) => redis.disconnect()));

  /** Other test files commit too, on the same Redis: a hint more than expected says nothing, one less does. */
  const listen = async () => {
    const heard = { count: 0 };
    await listenForCommits(kept(connectRedisListener(testRedis().state)), () => heard.count++);
    return heard;
  };
  const publisher = async () => {
    const redis = kept(connectRedis(testRedis().state));
    await eventually(() => expect(redis.status).toBe('ready'));
    return redis;
  };

  it('reach everybody who listens', async () => {
    const listeners = [await listen(), await listen()];
    const hints = new RedisCommitHints(await publisher());
    hints.committed();
    await eventually(() => listeners.forEach(({ count }) => expect(count).toBeGreaterThan(0)));
  });

  it('are told once for all commits of one turn, and again for later ones', async () => {
    const redis = await publisher();
    const published = jest.spyOn(redis, 'publish');
    const hints = new RedisCommitHints(redis);
    for (let n = 0; n < 100; n++) hints.committed();
    await new Promise(setImmediate);
    expect(published).toHaveBeenCalledTimes(1);
    hints.committed();
    await new Promise(setImmediate);
    expect(published).toHaveBeenCalledTimes(2);
  });

  it('are lost without harm while Redis is away', async () => {
    const away = await publisher();
    away.disconnect();
    await eventually(() => expect(away.status).toBe('end'));
    const published = jest.spyOn(away, 'publish');
    const hints = new RedisCommitHints(away);
    for (let n = 0; n < 3; n++) {
      hints.committed();
      await new Promise(setImmediate);
    }
    expect(published).not.toHaveBeenCalled();
  });
});
