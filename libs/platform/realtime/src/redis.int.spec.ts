import { once } from 'node:events';
import { type RecordedEvent, TransactionRecorded } from '@innkeep/contracts';
import { CommitHints, Directory, Shard, Shards, UnitOfWork } from '@innkeep/platform/database';
import { connectRedis, connectRedisListener } from '@innkeep/platform/jobs';
import {
  type TestDatabase,
  addOrganizations,
  createTestDatabase,
  eventually,
  ownerOf,
  testRedis,
} from '@innkeep/testing';
import type { Redis } from 'ioredis';
import { Pool } from 'pg';
import { HOT_EVENTS, announceEvents } from './announce';
import type { Entry } from './entry';
import { keysOf } from './keys';
import { LEASE_MS, StreamLeases } from './leases';
import { LogSource } from './log-source';
import { RedisFanout } from './redis-fanout';
import type { Control } from './sources';
import { Tickets } from './tickets';

class NoHints extends CommitHints {
  committed(): void {}
}

const ids = (() => {
  let last = Date.now() % 1_000_000_000;
  return () => ++last;
})();

describe('with Redis', () => {
  let redis: Redis;
  let listening: Redis;

  beforeAll(async () => {
    redis = connectRedis(testRedis().state);
    listening = connectRedisListener(testRedis().state);
    await Promise.all([once(redis, 'ready'), once(listening, 'ready')]);
  });
  afterAll(() => [redis, listening].forEach((one) => one.disconnect()));

  const event = (organizationId: number, version: number): RecordedEvent => ({
    ...{ bucket: 1, organizationId, position: version, version, schemaVersion: 1, recordedAt: new Date() },
    ...{ type: 'TransactionRecorded', propertyId: 1, data: { amountCents: version } },
  });
  const events = (organizationId: number, from: number, count: number) =>
    Array.from({ length: count }, (_, index) => event(organizationId, from + index));

  describe('the fan-out', () => {
    it('tells who listens, and keeps the last of it for those who come back', async () => {
      const [heard, unheard] = [ids(), ids()];
      const came: [number, Entry[]][] = [];
      const controls: Control[] = [];
      const fanout = new RedisFanout(redis, listening);
      fanout.follow({
        events: (organizationId, entries) => void came.push([organizationId, [...entries]]),
        control: (_organizationId, control) => void controls.push(control),
        reconnected: () => undefined,
      });
      await fanout.listen(heard);
      const reactor = announceEvents(redis);
      const react = (some: RecordedEvent[]) => reactor.react(some, { query: async () => [] });
      await react([...events(heard, 1, 250), ...events(unheard, 1, 3)]);
      await react(events(heard, 249, 4));
      await fanout.control(heard, { streamId: 'one', userId: 1 });
      await eventually(() => expect(controls).toEqual([{ streamId: 'one', userId: 1 }]));
      expect(came.map(([organizationId, entries]) => [organizationId, entries.length])).toEqual([
        [heard, 200],
        [heard, 50],
        [heard, 4],
      ]);
      const window = await fanout.window(heard, 0);
      expect(window.map(({ version }) => version)).toEqual(Array.from({ length: HOT_EVENTS }, (_, n) => 53 + n));
      expect(await fanout.window(heard, 250)).toMatchObject([{ version: 251 }, { version: 252 }]);
      expect(await redis.exists(keysOf(unheard).window)).toBe(0);
      fanout.unlisten(heard);
    });
  });

  describe('leases', () => {
    it('let through exactly as many as they may, at two processes at once', async () => {
      const limits = { perUser: 10, perOrganization: 25 };
      const other = connectRedis(testRedis().state);
      await once(other, 'ready');
      const processes = [new StreamLeases(redis, limits), new StreamLeases(other, limits)];
      const organizationId = ids();
      const ask = (userId: number, count: number) =>
        Promise.all(
          Array.from({ length: count }, (_, index) =>
            processes[index % 2]!.take({ id: `${userId}-${index}`, organizationId, userId }),
          ),
        );
      const count = (verdicts: readonly unknown[], verdict: unknown) =>
        verdicts.filter((one) => one === verdict).length;
      const [first, second] = [await ask(1, 200), await ask(2, 100)];
      expect([count(first, undefined), count(first, 'user')]).toEqual([10, 190]);
      expect([count(second, undefined), count(second, 'user')]).toEqual([10, 90]);
      const third = await ask(3, 100);
      expect([count(third, undefined), count(third, 'organization')]).toEqual([5, 95]);
      const freed = first.findIndex((verdict) => verdict === undefined);
      processes[freed % 2]!.release({ id: `1-${freed}`, organizationId, userId: 1 });
      await eventually(async () => expect(await ask(1, 1)).toEqual([undefined]));
      other.disconnect();
    });

    it('end by themselves where nobody renews them, and come back where Redis forgot them', async () => {
      const organizationId = ids();
      const { streams, streamsOf } = keysOf(organizationId);
      const leases = new StreamLeases(redis, { perUser: 1, perOrganization: 1 });
      const one = { id: 'one', organizationId, userId: 1 };
      expect(await leases.take(one)).toBeUndefined();
      const [, until] = await redis.zrange(streams, 0, -1, 'WITHSCORES');
      expect(Number(until) - Date.now()).toBeLessThanOrEqual(LEASE_MS + 1_000);
      await redis.zadd(streamsOf(1), Date.now() - 1, 'one');
      await redis.zadd(streams, Date.now() - 1, 'one');
      expect(await leases.take({ ...one, id: 'two' })).toBeUndefined();
      await redis.del(streams, streamsOf(1));
      await leases.renew();
      expect(await redis.zcard(streams)).toBe(2);
      expect(await leases.has({ ...one, id: 'two' })).toBe(true);
      expect(await leases.has({ ...one, id: 'two', userId: 2 })).toBe(false);
    });
  });

  it('a ticket is good once, for whom it was given to', async () => {
    const tickets = new Tickets(redis);
    const caller = { principal: ownerOf(ids()), expiresAt: Date.now() / 1_000 + 600, partition: '1/owner/all' };
    const ticket = await tickets.issue({ ...caller, scopes: new Set(['finance:read']) });
    const redeemed = await Promise.allSettled([tickets.redeem(ticket), tickets.redeem(ticket)]);
    expect(redeemed.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const given = redeemed.find((one) => one.status === 'fulfilled')!;
    expect(given.value).toEqual({ ...caller, scopes: new Set(['finance:read']) });
    await expect(tickets.redeem('nonsense')).rejects.toMatchObject({ problem: { name: 'ticket-invalid' } });
    const over = await tickets.issue({ ...caller, expiresAt: Date.now() / 1_000 - 1 });
    await expect(tickets.redeem(over)).rejects.toMatchObject({ problem: { name: 'ticket-invalid' } });
  });
});

describe('the log', () => {
  let database: TestDatabase;
  let shards: Shards;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    const url = database.urlFor('api');
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 2, applicationName: 'live' })]);
    pool = new Pool({ connectionString: url, max: 1 });
  });
  afterAll(async () => {
    await shards.close();
    await pool.end();
    await database.drop();
  });

  it('is read one organization at a time, and compared for all at once', async () => {
    const [one, other] = await addOrganizations(database, [3, 3]);
    const directory = new Directory(pool);
    const unitOfWork = new UnitOfWork(directory, shards, new NoHints());
    const record = (organizationId: number, count: number) =>
      unitOfWork.run({ principal: ownerOf(organizationId), requestId: 'live' }, async (unit) =>
        unit.record(
          ...Array.from({ length: count }, (_, index) =>
            TransactionRecorded({ amountCents: index } as never, { propertyId: 1, entityId: String(index) }),
          ),
        ),
      );
    await record(one!.organizationId, 5);
    await record(other!.organizationId, 2);
    const log = new LogSource(directory, shards);
    const head = await log.head(one!.organizationId);
    expect(head).toMatchObject({ version: 5, bucket: 3, shard: 'shard-1' });
    const read = await log.read(one!.organizationId, 1, 4, 10);
    expect(read.map(({ version, propertyId }) => [version, propertyId])).toEqual([
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
    expect(read[0]!.body).toContain('"requestId":"live"');
    const known = [head, { ...(await log.head(other!.organizationId)), version: 1 }];
    expect([...(await log.ahead(known))]).toEqual([[other!.organizationId, 2]]);
    expect([...(await log.moved(known))]).toEqual([]);
    await database.asAdmin('update directory.buckets set epoch = 2 where bucket = 3');
    expect([...(await log.moved(known))]).toEqual(known.map(({ organizationId }) => organizationId));
    expect(await log.head(one!.organizationId)).toMatchObject({ epoch: 2 });
  });
});
