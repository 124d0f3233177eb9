import { type TestOrganization, addOrganizations } from '@innkeep/testing';
import { type DatabaseUnderTest, addNote, contextFor, noteAdded, openDatabase } from './database-under-test';
import { eachRow } from './connections';
import { Shard } from './shards';
import { sql } from './sql';

describe('connections', () => {
  let under: DatabaseUnderTest;
  let organization: TestOrganization;
  beforeAll(async () => {
    under = await openDatabase({ poolSize: 2 });
    [organization] = (await addOrganizations(under.database, [3])) as [TestOrganization];
  });
  afterAll(() => under.close());

  const add = (id: string) =>
    under.unitOfWork.run(contextFor(organization), async (unit) => {
      addNote(unit, id);
      unit.record(noteAdded(id));
    });
  const prepared = async (shard: Shard) => {
    const client = await shard.pool.connect();
    try {
      await client.query('select $1::int as number', [1]);
      const { rows } = await client.query<{ statement: string }>('select statement from pg_prepared_statements');
      return rows.map(({ statement }) => statement);
    } finally {
      client.release();
    }
  };

  it('keep the plans of statements with parameters, the first one of the pool too', async () => {
    for (const shard of under.shards.all) expect(await prepared(shard)).toContain('select $1::int as number');
  });

  it('keep none when told so', async () => {
    const url = under.database.urlFor('api');
    const shard = await Shard.open('shard-1', { url, poolSize: 1, applicationName: 'no-plans', keepsPlans: false });
    try {
      expect(await prepared(shard)).toEqual([]);
    } finally {
      await shard.close();
    }
  });

  it('hand over rows one by one, and can be used again whatever goes wrong meanwhile', async () => {
    const [shard] = under.shards.all;
    const client = await shard!.pool.connect();
    const numbers = (count: number) => sql`select n from generate_series(1, ${count}::int) n`.compile();
    const taken: number[] = [];
    const take = ({ n }: { n: number }) => {
      if (n === 4) throw new Error('no fours');
      taken.push(n);
    };
    try {
      await eachRow(client, numbers(3), take);
      expect(taken).toEqual([1, 2, 3]);
      await expect(eachRow(client, numbers(9), take)).rejects.toThrow('no fours');
      await expect(eachRow(client, sql`select 1 / ${0}::int`.compile(), take)).rejects.toThrow('division by zero');
      taken.length = 0;
      await Promise.all([eachRow(client, numbers(2), take), eachRow(client, numbers(1), take)]);
      expect(taken).toEqual([1, 2, 1]);
    } finally {
      client.release();
    }
  });

  it('are refused at once when too many wait for one, and given again when they have had theirs', async () => {
    const shard = await Shard.open('shard-1', {
      url: under.database.urlFor('api'),
      poolSize: 1,
      applicationName: 'one-connection',
    });
    try {
      const held = await shard.connect();
      const waiting = Array.from({ length: 32 }, () => shard.connect().then((client) => client.release()));
      await expect(shard.connect()).rejects.toMatchObject({ problem: { name: 'service-unavailable', status: 503 } });
      held.release();
      await Promise.all(waiting);
      (await shard.connect()).release();
    } finally {
      await shard.close();
    }
  });

  it('make plans anew when a table has changed its columns under them, and nobody notices', async () => {
    const read = () =>
      under.reader.read(
        { organizationId: organization.organizationId },
        () => sql`select n.* from notes.notes n where n.id = ${'one'}`,
      );
    await add('one');
    // Both connections of the pool know the statement.
    await Promise.all([read(), read()]);
    await under.database.asAdmin(`alter table notes.notes add column shade text not null default 'blue'`);
    for (const { rows } of await Promise.all([read(), read(), read()]))
      expect(rows).toMatchObject([{ id: 'one', shade: 'blue' }]);
    await add('two');
    expect((await read()).position).toBe(2);
  });

  it('say what is wrong with a statement that was sent along with others', async () => {
    await expect(
      under.reader.read({ organizationId: organization.organizationId }, () => sql`select 1 / ${0}::int`),
    ).rejects.toThrow('division by zero');
    await expect(
      under.unitOfWork.run(contextFor(organization), async (unit) => unit.query('select 1 / $1::int', [0])),
    ).rejects.toThrow('division by zero');
    await add('three');
  });
});
