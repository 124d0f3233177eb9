import { type TestDatabase, addOrganizations, createTestDatabase, withSession } from '@innkeep/testing';
import { Pool } from 'pg';
import { Directory } from './directory';

describe('the directory', () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new Pool({ connectionString: database.urlFor('api'), max: 4 });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const hash = (name: string) => Buffer.from(name.padEnd(32, '.'));

  it('gives every id once, to however many processes ask at the same time', async () => {
    const directories = [new Directory(pool), new Directory(pool)];
    const ids = await Promise.all(Array.from({ length: 300 }, (_, n) => directories[n % 2]!.nextId('property')));
    expect(new Set(ids).size).toBe(300);
  });

  it('reserves an email for one of two that sign up with it at the same time', async () => {
    const reservations = await Promise.all([1, 2].map(() => new Directory(pool).reserveOrganization(hash('ana'))));
    expect(reservations.filter(Boolean)).toHaveLength(1);
  });

  it('lets a reservation be taken up again with the same ids, after a minute and only while it is not confirmed', async () => {
    const directory = new Directory(pool);
    const first = (await directory.reserveOrganization(hash('rui')))!;
    expect(await directory.reserveOrganization(hash('rui'))).toBeUndefined();
    const aMinuteLater = () =>
      database.asAdmin(`update directory.sign_ins set reserved_at = now() - interval '2 minutes'`);
    await aMinuteLater();
    const second = await directory.reserveOrganization(hash('rui'));
    expect(second).toMatchObject({ organizationId: first.organizationId, userId: first.userId, isFresh: false });
    await directory.confirmSignIn(hash('rui'));
    await aMinuteLater();
    expect(await directory.reserveOrganization(hash('rui'))).toBeUndefined();
    expect(await directory.findSignIn(hash('rui'))).toEqual({
      organizationId: first.organizationId,
      userId: first.userId,
    });
  });

  it('routes an organization to its bucket, and one that it does not know nowhere', async () => {
    const [organization] = await addOrganizations(database, [77]);
    const directory = new Directory(pool);
    expect(await directory.route(organization!.organizationId)).toEqual({
      ...organization,
      shard: 'shard-1',
      epoch: 1,
    });
    expect(await directory.route(404)).toBeUndefined();
  });

  it.each(['api', 'projector', 'worker', 'viewer'] as const)('keeps its tables from the role %s', async (role) => {
    const tables = await database.asAdmin<{ name: string }>(
      `select oid::regclass::text as name from pg_class where relnamespace = 'directory'::regnamespace and relkind = 'r'`,
    );
    expect(tables.length).toBeGreaterThan(3);
    await withSession(database.urlFor(role), async (session) => {
      for (const { name } of tables)
        await expect(session.query(`select from ${name}`)).rejects.toMatchObject({ code: '42501' });
    });
  });
});
