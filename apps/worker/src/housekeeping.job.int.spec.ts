import { Shard, Shards } from '@innkeep/platform/database';
import { type TestDatabase, createTestDatabase } from '@innkeep/testing';
import { keepHouse } from './housekeeping.job';

describe('housekeeping', () => {
  let database: TestDatabase;
  let shards: Shards;
  beforeAll(async () => {
    database = await createTestDatabase();
    const url = database.urlFor('worker');
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 2, applicationName: 'worker-under-test' })]);
  });
  afterAll(async () => {
    await shards.close();
    await database.drop();
  });

  const report = () =>
    database.asAdmin<{ ahead: number; isPresent: boolean; isProtected: boolean }>(
      `select (extract(year from age(month, date_trunc('month', now() at time zone 'UTC'))) * 12
         + extract(month from age(month, date_trunc('month', now() at time zone 'UTC'))))::int as ahead,
         is_present as "isPresent", is_protected as "isProtected" from events.partition_report(3)`,
    );

  it('makes the partitions of this month and the next three where they are missing, protected like the others', async () => {
    const partitions = await database.asAdmin<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'events.log'::regclass order by 1`,
    );
    await database.asAdmin(
      `drop table ${partitions
        .slice(1)
        .map(({ name }) => name)
        .join(', ')}`,
    );
    expect((await report()).filter(({ isPresent }) => !isPresent).map(({ ahead }) => ahead)).toEqual([1, 2, 3]);

    expect(await keepHouse(shards, [])).toMatchObject({ partitions: 3 });
    expect(await report()).toEqual([0, 1, 2, 3].map((ahead) => ({ ahead, isPresent: true, isProtected: true })));
    expect(await keepHouse(shards, [])).toMatchObject({ partitions: 0 });
  });

  it('keeps away from months that are archived', async () => {
    await database.asAdmin(
      `insert into events.archived_partitions (month, events, sha256) values ('2020-01-01', 0, 'x')`,
    );
    expect(await keepHouse(shards, [])).toMatchObject({ partitions: 0 });
    expect(
      await database.asAdmin(
        `select is_present, is_archived from events.partition_report(0) where month = '2020-01-01'`,
      ),
    ).toEqual([{ is_present: false, is_archived: true }]);
  });

  it('removes what the features say has expired, a batch at a time until nothing is left', async () => {
    await database.asAdmin(
      `create function events.remove_some(p_limit integer) returns integer language sql as $$ select case when random() < 0.7 then p_limit else 7 end $$;
       grant execute on function events.remove_some(integer) to innkeep_worker; grant usage on schema events to innkeep_worker`,
    );
    expect((await keepHouse(shards, ['events.remove_some'])).records % 1_000).toBe(7);
  });
});
