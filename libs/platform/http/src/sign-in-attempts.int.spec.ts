import { randomUUID } from 'node:crypto';
import type { DomainError } from '@innkeep/contracts';
import { connectRedis } from '@innkeep/platform/jobs';
import { eventually, testRedis } from '@innkeep/testing';
import type { Redis } from 'ioredis';
import { SignInAttempts } from './sign-in-attempts';

describe('attempts to sign in', () => {
  const connections: Redis[] = [];
  const connect = async () => {
    const redis = connectRedis(testRedis().state);
    connections.push(redis);
    await eventually(() => expect(redis.status).toBe('ready'));
    return redis;
  };
  afterAll(() => connections.forEach((redis) => redis.disconnect()));

  const settings = { SIGN_IN_FREE_ATTEMPTS_ACCOUNT: 3, SIGN_IN_FREE_ATTEMPTS_ADDRESS: 6 };
  const away = async () => {
    const redis = await connect();
    redis.disconnect();
    return redis;
  };
  const newcomer = () => ({ account: randomUUID(), address: randomUUID() });
  /** How long an attempt that fails has to wait; 0 if it was let through. */
  const fail = (attempts: SignInAttempts, { account, address }: ReturnType<typeof newcomer>) =>
    attempts.begin(account, address).then(
      () => 0,
      (error: DomainError) => {
        expect(error.problem.name).toBe('too-many-attempts');
        return Number(error.extra.headers!['retry-after']);
      },
    );

  /** Fails until it has to wait. The first pause is a second: on a machine that is slow it may be over before the next attempt. */
  const failUntilRefused = async (attempts: SignInAttempts, who: () => ReturnType<typeof newcomer>) => {
    for (let n = 0; n < 8; n++) if ((await fail(attempts, who())) > 0) return true;
    return false;
  };

  describe.each([
    ['with Redis', connect],
    ['while Redis is away', away],
  ])('%s', (_where, open) => {
    it('are free at first, and then have to wait, whoever they come from', async () => {
      const attempts = new SignInAttempts(await open(), settings);
      const { account } = newcomer();
      for (let n = 0; n < 3; n++) expect(await fail(attempts, { ...newcomer(), account })).toBe(0);
      expect(await failUntilRefused(attempts, () => ({ ...newcomer(), account }))).toBe(true);
      expect(await fail(attempts, newcomer())).toBe(0);
    });

    it('have to wait when one address tries many accounts', async () => {
      const attempts = new SignInAttempts(await open(), settings);
      const { address } = newcomer();
      for (let n = 0; n < 6; n++) expect(await fail(attempts, { ...newcomer(), address })).toBe(0);
      expect(await failUntilRefused(attempts, () => ({ ...newcomer(), address }))).toBe(true);
    });

    it('do not count when they were right', async () => {
      const attempts = new SignInAttempts(await open(), settings);
      const who = newcomer();
      for (let n = 0; n < 12; n++) await (await attempts.begin(who.account, who.address))();
      expect(await fail(attempts, who)).toBe(0);
    });

    it('are counted before they end, so that many at once are no way around', async () => {
      const attempts = new SignInAttempts(await open(), settings);
      const who = newcomer();
      const waits = await Promise.all(Array.from({ length: 20 }, () => fail(attempts, who)));
      expect(waits.filter((wait) => wait > 0).length).toBeGreaterThan(10);
    });

    it('from an address are not forgiven because one account of it signs in', async () => {
      const attempts = new SignInAttempts(await open(), settings);
      const { address } = newcomer();
      for (let n = 0; n < 5; n++) await fail(attempts, { ...newcomer(), address });
      await (
        await attempts.begin(randomUUID(), address)
      )();
      expect(await fail(attempts, { ...newcomer(), address })).toBe(0);
      expect(await failUntilRefused(attempts, () => ({ ...newcomer(), address }))).toBe(true);
    });
  });

  it('wait longer each time', async () => {
    const redis = await connect();
    const attempts = new SignInAttempts(redis, settings);
    const who = newcomer();
    const key = `innkeep:attempts:account:${who.account}`;
    const now = async () => {
      const [seconds, micros] = await redis.time();
      return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
    };
    for (const pause of [0, 0, 1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1_000)) {
      const before = await now();
      await fail(attempts, { ...who, address: randomUUID() });
      const next = Number(await redis.hget(key, 'next'));
      expect(next).toBeGreaterThanOrEqual(before + pause);
      expect(next).toBeLessThanOrEqual((await now()) + pause);
      // As if the wait were over.
      await redis.hset(key, 'next', 0);
    }
  });

  it('are shared by all processes', async () => {
    const both = [new SignInAttempts(await connect(), settings), new SignInAttempts(await connect(), settings)];
    const who = newcomer();
    for (let n = 0; n < 3; n++) expect(await fail(both[n % 2]!, who)).toBe(0);
    expect(await failUntilRefused(both[1]!, () => who)).toBe(true);
  });
});
