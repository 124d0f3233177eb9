import type { Shard } from '@innkeep/platform/database';
import { addOrganizations, eventually, type TestOrganization } from '@innkeep/testing';
import { type LogUnderTest, counts, names, openLog, projections, silent, sums } from './log-under-test';
import { ProjectionOperations } from './projection-operations';
import { readLag, readStatus } from './projection-status';
import { Projector } from './projector';

describe('operations on projections, while a projector runs and somebody writes', () => {
  let log: LogUnderTest;
  let shard: Shard;
  let projector: Projector;
  let operations: ProjectionOperations;
  let organizations: readonly TestOrganization[];
  let isWriting = true;
  let writing: Promise<void>;
  let written = 0;

  beforeAll(async () => {
    log = await openLog();
    // Only an owner may build beside and swap, and everything in the product is the migrator's.
    await log.database.asAdmin(
      `alter schema tally owner to innkeep_migrator; alter table tally.sums owner to innkeep_migrator;
       alter table tally.names owner to innkeep_migrator; alter table tally.counts owner to innkeep_migrator`,
    );
    shard = await log.openShard();
    projector = new Projector(shard, projections, [], silent);
    await projector.start();
    operations = new ProjectionOperations((await log.openShard('operations-under-test')).pool, projections);
    organizations = await addOrganizations(log.database, [1, 2, 3, 3, 500]);
    writing = (async () => {
      for (let n = 0; isWriting; n++) {
        await log.write(organizations[n % organizations.length]!, [n, `n${n}`]);
        written++;
        projector.hint();
      }
    })();
  });
  afterAll(async () => {
    isWriting = false;
    await writing;
    await projector.stop();
    await log.close();
  });

  const stateOf = async (name: string) => (await readStatus(shard.pool)).find((one) => one.name === name)!.state;
  const moreIsWritten = async () => {
    const now = written;
    await eventually(() => expect(written).toBeGreaterThan(now + 20));
  };

  it('verify finds no difference, at the very position of the live table', async () => {
    await moreIsWritten();
    for (const { name } of projections) expect(await operations.verify(name)).toEqual([]);
  });

  it('verify names the organization whose row is wrong', async () => {
    const { organizationId } = organizations[0]!;
    await eventually(async () =>
      expect(
        await log.database.asAdmin('select from tally.sums where organization_id = $1', [organizationId]),
      ).toHaveLength(1),
    );
    await log.database.asAdmin('update tally.sums set total = total + 1 where organization_id = $1', [organizationId]);
    expect(await operations.verify('sums')).toEqual([{ organizationId, liveRows: 1, expectedRows: 1 }]);
  });

  it('rebuild puts a right table in the place of a wrong one, loses nothing of what is written meanwhile, and keeps the old one', async () => {
    await operations.rebuild('sums');
    await moreIsWritten();
    expect(await operations.verify('sums')).toEqual([]);
    expect(await log.database.asAdmin("select to_regclass('tally.sums__before') is not null as kept")).toEqual([
      { kept: true },
    ]);
    await operations.dropBefore('sums');
    expect(await log.database.asAdmin("select to_regclass('tally.sums__before') is not null as kept")).toEqual([
      { kept: false },
    ]);
  });

  it('rebuild gives the new table the same owner, row-level security and grants', async () => {
    const shape = (table: string) =>
      log.database.asAdmin(
        `select relrowsecurity, relforcerowsecurity, relowner::regrole::text as owner, relacl::text from pg_class where oid = $1::regclass`,
        [table],
      );
    const before = await shape('tally.counts');
    await operations.rebuild('counts');
    expect(await shape('tally.counts')).toEqual(before);
  });

  it('pause stops one projection and no other, resume brings it back to where the others are', async () => {
    expect(await operations.pause('names')).toBe(true);
    expect(await operations.pause('names')).toBe(false);
    expect(await stateOf('names')).toBe('paused');
    const frozen = await log.database.asAdmin('select * from tally.names order by 1, 2');
    await moreIsWritten();
    await eventually(async () =>
      expect((await readLag(shard.pool)).find(({ track }) => track === 'held:names')!.eventsBehind).toBeGreaterThan(0),
    );
    expect(await log.database.asAdmin('select * from tally.names order by 1, 2')).toEqual(frozen);
    expect(await operations.verify('names')).toEqual([]);
    expect(await operations.resume('names')).toBe(true);
    expect(await stateOf('names')).toBe('live');
    await moreIsWritten();
    expect(await operations.verify('names')).toEqual([]);
  });

  it('a rebuild that was interrupted goes on where it was', async () => {
    const interrupted = new ProjectionOperations(shard.pool, projections);
    await expect(
      interrupted.rebuild('sums', () => {
        throw new Error('the power went out');
      }),
    ).rejects.toThrow('the power went out');
    expect((await readStatus(shard.pool)).find(({ name }) => name === 'sums')!.isRebuilding).toBe(true);
    await operations.rebuild('sums');
    expect((await readStatus(shard.pool)).find(({ name }) => name === 'sums')!.isRebuilding).toBe(false);
    expect(await operations.verify('sums')).toEqual([]);
  });

  it('a projection that is new on a log with a history is built before it is live', async () => {
    await log.database.asAdmin(
      `create table tally.twice (like tally.sums including all); alter table tally.twice owner to innkeep_migrator; select app.protect('tally.twice');
       grant select, insert, update, delete on tally.twice to innkeep_projector`,
    );
    const twice = { ...sums, name: 'twice', table: 'tally.twice' };
    const known = [sums, names, counts, twice];
    await projector.stop();
    projector = new Projector(shard, known, [], silent);
    await projector.start();
    await eventually(async () => expect(await stateOf('twice')).toBe('live'));
    expect(await new ProjectionOperations(shard.pool, known).verify('twice')).toEqual([]);
  });

  it('a projection of a newer version stands still until it is rebuilt', async () => {
    const newer = [{ ...sums, version: 2 }, names, counts, { ...sums, name: 'twice', table: 'tally.twice' }];
    const outdated: string[] = [];
    await projector.stop();
    projector = new Projector(shard, newer, [], { ...silent, outdated: (list) => void outdated.push(...list) });
    await projector.start();
    expect(outdated).toEqual(['sums']);
    expect(await stateOf('sums')).toBe('outdated');
    const newest = new ProjectionOperations(shard.pool, newer);
    await newest.rebuild('sums');
    expect(await stateOf('sums')).toBe('live');
    expect((await readStatus(shard.pool)).find(({ name }) => name === 'sums')!.version).toBe(2);
    await moreIsWritten();
    expect(await newest.verify('sums')).toEqual([]);
  });
});
