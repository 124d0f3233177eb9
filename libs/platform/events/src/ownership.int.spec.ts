import type { Shard } from '@innkeep/platform/database';
import { type LogUnderTest, openLog } from './log-under-test';
import { Ownership } from './ownership';

describe('ownership of buckets', () => {
  let log: LogUnderTest;
  let shard: Shard;
  beforeAll(async () => {
    log = await openLog();
    shard = await log.openShard();
  });
  afterAll(() => log.close());

  const counts = (...instances: Ownership[]) => instances.map(({ owned }) => owned.length);
  /** Enough renewals for buckets that one gives back to be taken by another. */
  const settle = async (...instances: Ownership[]) => {
    for (let round = 0; round < 3; round++) for (const instance of instances) await instance.renew();
  };
  const assertShared = (...instances: Ownership[]) => {
    const all = instances.flatMap(({ owned }) => [...owned]).sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 1_024 }, (_, bucket) => bucket));
  };

  it('is shared out evenly, each bucket to one, as instances join and leave', async () => {
    const [a, b, c] = [new Ownership(shard.pool), new Ownership(shard.pool), new Ownership(shard.pool)];
    await settle(a!);
    expect(counts(a!)).toEqual([1_024]);
    await settle(a!, b!);
    expect(counts(a!, b!)).toEqual([512, 512]);
    assertShared(a!, b!);
    await settle(a!, b!, c!);
    assertShared(a!, b!, c!);
    expect(Math.max(...counts(a!, b!, c!))).toBe(342);
    await b!.release();
    await settle(a!, c!);
    assertShared(a!, c!);
    await Promise.all([a!.release(), c!.release()]);
  });

  it('goes over to the others when an instance dies and its lease ends', async () => {
    const [alive, dead] = [new Ownership(shard.pool), new Ownership(shard.pool)];
    await settle(alive!, dead!);
    await log.database.asAdmin(
      "update events.projectors set lease_until = now() - interval '1 second' where instance = $1",
      [dead!.instance],
    );
    await settle(alive!);
    expect(counts(alive!)).toEqual([1_024]);
    await alive!.release();
  });
});
