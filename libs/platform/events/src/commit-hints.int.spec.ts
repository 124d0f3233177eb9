import { connectRedis, connectRedisListener } from '@innkeep/platform/jobs';
import { eventually, testRedis } from '@innkeep/testing';
import type { OrganizationRoute } from '@innkeep/platform/database';
import type { Redis } from 'ioredis';
import { RedisCommitHints, listenForCommits } from './commit-hints';

const inBucket = (bucket: number): OrganizationRoute => ({ organizationId: 1, bucket, shard: 'shard-1', epoch: 1 });

describe('hints of commits', () => {
  const connections: Redis[] = [];
  const kept = (redis: Redis) => {
    connections.push(redis);
    return redis;
  };
  afterAll(() => connections.forEach((redis) => redis.disconnect()));

  /** Other test files commit too, on the same Redis: a hint more than expected says nothing, one less does. */
  const listen = async () => {
    const heard = new Set<number>();
    await listenForCommits(kept(connectRedisListener(testRedis().state)), (buckets) =>
      buckets.forEach((bucket) => heard.add(bucket)),
    );
    return heard;
  };
  const publisher = async () => {
    const redis = kept(connectRedis(testRedis().state));
    await eventually(() => expect(redis.status).toBe('ready'));
    return redis;
  };

  it('reach everybody who listens, with the buckets', async () => {
    const listeners = [await listen(), await listen()];
    const hints = new RedisCommitHints(await publisher());
    hints.committed(inBucket(7));
    hints.committed(inBucket(1_023));
    await eventually(() =>
      listeners.forEach((heard) => expect([...heard]).toEqual(expect.arrayContaining([7, 1_023]))),
    );
  });

  it('are told once for all commits of one turn, and again for later ones', async () => {
    const redis = await publisher();
    const published = jest.spyOn(redis, 'publish');
    const hints = new RedisCommitHints(redis);
    for (let n = 0; n < 100; n++) hints.committed(inBucket(n));
    await new Promise(setImmediate);
    expect(published).toHaveBeenCalledTimes(1);
    hints.committed(inBucket(1));
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
      hints.committed(inBucket(1));
      await new Promise(setImmediate);
    }
    expect(published).not.toHaveBeenCalled();
  });
});
