import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connectRedis } from '@innkeep/platform/jobs';
import { eventually, testRedis } from '@innkeep/testing';
import type { Redis } from 'ioredis';
import { AnswerCache } from './answer-cache';
import { AnswerTiers } from './answer-tiers';
import { type SharedAnswer, SharedAnswers } from './shared-answers';

const answer = (body: string, position = 5, tags: readonly string[] = ['page:1']): SharedAnswer => ({
  ...{
    etag: `"${body.slice(0, 8)}"`,
    position,
    tags,
    route: '/a',
    family: 'finance',
    headers: { 'innkeep-position': '5' },
  },
  body: Buffer.from(body),
});

describe('answers that all processes share', () => {
  let redis: Redis;
  let shared: SharedAnswers;
  let organizationId: number;
  beforeAll(async () => {
    redis = connectRedis(testRedis().cache);
    await eventually(() => expect(redis.status).toBe('ready'));
    // Another process, as it were.
    shared = new SharedAnswers(redis);
  });
  afterAll(() => redis.disconnect());
  beforeEach(() => {
    organizationId = randomBytes(5).readUIntBE(0, 5);
  });

  const store = (one: SharedAnswer, freshMs = 60_000, key = 'k') => shared.store(organizationId, key, one, freshMs);
  const find = (minPosition = 0, key = 'k') => shared.find(organizationId, key, minPosition);
  const bodyOf = async (minPosition?: number) => (await find(minPosition)).answer?.body.toString();

  it('are as they were stored, the large ones packed', async () => {
    const large = JSON.stringify(Array.from({ length: 500 }, (_, n) => ({ n, name: 'a stay' })));
    for (const body of ['{}', large]) {
      const stored = answer(body);
      await store(stored);
      const { answer: found } = await find();
      expect({ ...found, encoded: undefined }).toEqual({ ...stored, encoded: undefined });
    }
    expect((await find()).answer?.encoded?.gzip?.length).toBeLessThan(large.length / 4);
    const keys = await redis.keys(`*{${organizationId}}*`);
    expect(keys.length).toBeGreaterThan(1);
    const [, size] = await redis
      .call(
        'MEMORY',
        'USAGE',
        keys.find((key) => !/tags|lease/.test(key))!,
      )
      .then((bytes) => [0, Number(bytes)] as const)
      .catch(() => [0, 0] as const);
    expect(size).toBeLessThan(large.length);
  });

  it('are never from behind the position asked for, and replaced only by newer ones', async () => {
    await store(answer('six', 6));
    await store(answer('five', 5));
    expect([await bodyOf(), await bodyOf(6), await bodyOf(7)]).toEqual(['six', 'six', undefined]);
    await store(answer('seven', 7));
    expect(await bodyOf()).toBe('seven');
  });

  it('go with their tags, those that are just being read too', async () => {
    await store(answer('old', 5, ['page:1', 'org:1']));
    await shared.outdate([{ organizationId, tags: ['page:2'], version: 6 }]);
    expect(await bodyOf()).toBe('old');
    await shared.outdate([{ organizationId, tags: ['org:1'], version: 6 }]);
    expect(await bodyOf()).toBeUndefined();
    await store(answer('late', 5, ['org:1']));
    expect(await bodyOf()).toBeUndefined();
    await store(answer('new', 6, ['org:1']));
    expect(await bodyOf()).toBe('new');
  });

  it('go when the table of tags was evicted: what it knew is not known any more', async () => {
    await store(answer('kept'));
    await redis.del(`innkeep:answers:{${organizationId}}:tags`);
    expect(await bodyOf()).toBeUndefined();
  });

  it('are given stale to all but the one who reads them anew', async () => {
    await store(answer('stale'), 1);
    await eventually(async () => expect((await redis.time()).length).toBe(2));
    const [first, second] = [await find(), await find()];
    expect([first.isLeader, first.answer, second.isLeader, second.state]).toEqual([true, undefined, false, 'stale']);
    expect(second.answer?.body.toString()).toBe('stale');
    await store(answer('fresh', 6));
    expect((await find()).state).toBe('fresh');
  });

  it('are a miss when Redis is gone, hangs or makes no sense, and nobody waits for it', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await eventually(() => expect(silent.listening).toBe(true));
    const { port } = silent.address() as AddressInfo;
    const connections = [connectRedis('redis://127.0.0.1:1'), connectRedis(`redis://127.0.0.1:${port}`)];
    for (const connection of connections) {
      const away = new SharedAnswers(connection);
      expect(await away.find(1, 'k', 0)).toEqual({ state: 'absent', isLeader: true });
      await away.store(1, 'k', answer('{}'), 60_000);
      connection.disconnect();
    }
    silent.close();
    await redis.set(`innkeep:answers:{${organizationId}}:tags`, 'no table');
    expect((await find()).answer).toBeUndefined();
  });

  describe('in tiers', () => {
    const process = () => {
      const memory = new AnswerCache({ maxBytes: 100_000, maxAgeMs: 60_000 });
      return new AnswerTiers(memory, new SharedAnswers(redis), (told) => ({ ...told, headersFor: () => told.headers }));
    };
    const wanted = (minPosition = 0) => ({ organizationId, key: 'k', minPosition, route: '/a' });

    it('come from another process, and from memory the next time', async () => {
      const [one, other] = [process(), process()];
      const looked = await one.look(wanted());
      if ('answer' in looked) throw new Error('nothing was kept yet');
      const kept = { ...answer('read once'), headersFor: () => ({}) };
      one.store(organizationId, 'k', kept, one.memory.begin(), 60_000);
      looked.done(kept);
      await eventually(async () => expect(await bodyOf()).toBe('read once'));
      const found = await other.look(wanted());
      expect('answer' in found && [found.from, found.answer.body.toString()]).toEqual(['redis', 'read once']);
      expect(other.find('k', 0)?.body.toString()).toBe('read once');
    });

    it('are read once by however many want them at once', async () => {
      const one = process();
      let loads = 0;
      const ask = async () => {
        const looked = await one.look(wanted());
        if ('answer' in looked) return looked.answer.body.toString();
        loads++;
        looked.done({ ...answer('read once'), headersFor: () => ({}) });
        return 'read once';
      };
      expect(new Set(await Promise.all(Array.from({ length: 20 }, ask)))).toEqual(new Set(['read once']));
      expect(loads).toBe(1);
    });

    it('are not waited for from who reads an older state than is wanted', async () => {
      const one = process();
      const first = await one.look(wanted());
      const second = one.look(wanted(6));
      if ('answer' in first) throw new Error('nothing was kept yet');
      first.done({ ...answer('as of five'), headersFor: () => ({}) });
      expect('done' in (await second)).toBe(true);
    });
  });
});
