import 'reflect-metadata';
import { features } from '@innkeep/assembly';
import { beginDeletion, closedBefore } from '@innkeep/features/identity';
import { CommitHints, Directory, Shard, Shards, UnitOfWork } from '@innkeep/platform/database';
import { countRows, deleteOrganization, deletionAsks } from '@innkeep/platform/deletion';
import { ProjectionOperations, Projector } from '@innkeep/platform/events';
import { MasterKeys } from '@innkeep/platform/privacy';
import { type TestDatabase, createTestDatabase, eventually, testMasterKeys } from '@innkeep/testing';
import { CommandBus } from '@nestjs/cqrs';
import { openCommandApp } from './command-app';
import { Story } from './corpus/story';

const projections = features.flatMap((feature) => [...(feature.projections ?? [])]);
const masterKeys = MasterKeys.fromJson(testMasterKeys);
const BUCKET = 7;

class NoHints extends CommitHints {
  committed(): void {}
}

describe('an organization that is deleted', () => {
  let database: TestDatabase;
  let shard: Shard;
  let projecting: Shard;
  let directory: Directory;
  let unitOfWork: UnitOfWork;
  let gone: number;
  let neighbour: number;
  let hadRowsIn: string[];

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.asAdmin(
      `create or replace function directory.default_bucket(organization_id bigint) returns smallint language sql immutable as $$ select ${BUCKET}::smallint $$`,
    );
    const app = await openCommandApp(database, 'deletion');
    await new Story(app.get(CommandBus), app.get(UnitOfWork)).tell();
    await app.close();
    projecting = await Shard.open('shard-1', {
      url: database.urlFor('projector'),
      poolSize: 3,
      applicationName: 'deletion',
    });
    shard = await Shard.open('shard-1', { url: database.urlFor('worker'), poolSize: 3, applicationName: 'deletion' });
    directory = new Directory(shard.pool);
    unitOfWork = new UnitOfWork(directory, new Shards([shard]), new NoHints());
    const ids = await database.asAdmin<{ id: number }>(
      'select organization_id::int as id from directory.organizations order by 1',
    );
    [gone, neighbour] = ids.map(({ id }) => id) as [number, number];
  });
  afterAll(async () => {
    await shard.close();
    await projecting.close();
    await database.drop();
  });

  const tenantTables = async () =>
    (
      await database.asAdmin<{ name: string }>(
        `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
         where c.relkind in ('r', 'p') and not c.relispartition and a.attname = 'organization_id' and not a.attisdropped
           and n.nspname not like 'pg_temp%' and c.oid <> 'directory.deleted_organizations'::regclass order by 1`,
      )
    ).map(({ name }) => name);
  const rowsOf = async (organizationId: number) => {
    const rows: Record<string, unknown[]> = {};
    for (const table of await tenantTables())
      rows[table] = (
        await database.asAdmin<{ row: unknown }>(
          `select to_jsonb(t) as row from ${table} t where organization_id = $1 order by to_jsonb(t)::text`,
          [organizationId],
        )
      ).map(({ row }) => row);
    return rows;
  };
  const projector = () =>
    new Projector(
      projecting,
      projections,
      [],
      {
        folded: () => undefined,
        reacted: () => undefined,
        failed: () => undefined,
        parked: () => undefined,
        outdated: () => undefined,
      },
      masterKeys,
    );
  const ask = () => ({ bucket: BUCKET, organizationId: gone });
  const removed: number[] = [];
  const removeFiles = async (organizationId: number) => void removed.push(organizationId);
  const now = () => new Date(Date.now() + 1_000);

  it('can be deleted from every table that there is', async () => {
    const without = await database.asAdmin(
      `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
       where c.relkind in ('r', 'p') and n.nspname <> 'directory' and n.nspname not like 'pg_temp%' and a.attname = 'organization_id'
         and not a.attisdropped and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'deleting')`,
    );
    expect(without).toEqual([]);
  });

  it('is one that was closed, for as long as it takes', async () => {
    expect(await beginDeletion(unitOfWork, gone, now())).toBe(false);
    await database.asAdmin(
      `update identity.organizations set status = 'closed', closed_at = now() - interval '20 days' where organization_id = $1`,
      [gone],
    );
    const monthAgo = new Date(Date.now() - 30 * 24 * 3_600_000);
    expect([await closedBefore(shard.pool, monthAgo, 10), await beginDeletion(unitOfWork, gone, monthAgo)]).toEqual([
      [],
      false,
    ]);
    expect(await closedBefore(shard.pool, now(), 10)).toEqual([gone]);
    await expect(
      shard.pool.query('select deletion.delete_rows($1, $2, $3, 1)', [BUCKET, gone, 'identity.users']),
    ).rejects.toThrow('was not asked for');
    hadRowsIn = (await countRows(shard.pool, ask())).map(({ table }) => table);
    expect(hadRowsIn).toEqual(expect.arrayContaining(['events.log', 'finance.transactions', 'identity.users']));
    expect(await beginDeletion(unitOfWork, gone, now())).toBe(true);
    expect(await deletionAsks(shard.pool, 10)).toEqual([ask()]);
  });

  it('waits until the projector has taken its events', async () => {
    await database.asAdmin(`insert into events.checkpoints (bucket, track) values ($1, 'somebody')`, [BUCKET]);
    expect(await deleteOrganization({ pool: shard.pool, directory, removeFiles }, ask())).toBeUndefined();
    await database.asAdmin(`delete from events.checkpoints where track = 'somebody'`);
    const following = projector();
    await following.start();
    await eventually(async () =>
      expect(
        await database.asAdmin(
          'select from events.checkpoints c join events.buckets b using (bucket) where b.position > c.position',
        ),
      ).toEqual([]),
    );
    await following.stop();
    for (const { name } of projections)
      expect(await new ProjectionOperations(projecting.pool, projections, masterKeys).verify(name)).toEqual([]);
  });

  it('leaves no row, and its neighbour in the bucket as it was', async () => {
    const before = await rowsOf(neighbour);
    expect(Object.values(before).filter((rows) => rows.length > 0).length).toBeGreaterThan(15);
    // It dies a few rows from the end, is taken up again, and dies once more before it is written down that it is done.
    const dies = async (): Promise<never> => Promise.reject(new Error('killed'));
    await expect(
      deleteOrganization({ pool: shard.pool, directory, removeFiles: dies, chunk: 7 }, ask()),
    ).rejects.toThrow('killed');
    const elsewhere = Object.assign(Object.create(directory) as Directory, { forgetOrganization: dies });
    await expect(deleteOrganization({ pool: shard.pool, directory: elsewhere, removeFiles }, ask())).rejects.toThrow(
      'killed',
    );
    expect(await deletionAsks(shard.pool, 10)).toEqual([ask()]);
    expect(await deleteOrganization({ pool: shard.pool, directory, removeFiles }, ask())).toBe(0);
    expect(removed).toContain(gone);
    const left = Object.entries(await rowsOf(gone)).filter(([, rows]) => rows.length > 0);
    expect(left).toEqual([]);
    expect(await deletionAsks(shard.pool, 10)).toEqual([]);
    expect(await rowsOf(neighbour)).toEqual(before);
  });

  it('leaves a tombstone that says nothing, and a log without gaps that read models still agree with', async () => {
    expect(await new Directory(shard.pool).route(gone)).toBeUndefined();
    expect(await database.asAdmin('select organization_id::int as id from directory.deleted_organizations')).toEqual([
      { id: gone },
    ]);
    const [log] = await database.asAdmin<Record<string, unknown>>(
      `select count(*) = max(position) as whole, count(*) filter (where organization_id = 0) > 10 as forgotten,
         bool_and(data = '{}' and actor_id is null and entity_id is null and property_id is null and request_id is null)
           filter (where organization_id = 0) as empty
       from events.log where bucket = $1`,
      [BUCKET],
    );
    expect(log).toEqual({ whole: true, forgotten: true, empty: true });
    const operations = new ProjectionOperations(projecting.pool, projections, masterKeys);
    for (const { name } of projections) expect([name, await operations.verify(name)]).toEqual([name, []]);
  });
});
