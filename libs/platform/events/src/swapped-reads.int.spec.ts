import { Directory, Reader, Shard, Shards, sql } from '@innkeep/platform/database';
import { addOrganizations, eventually, sessionsWaitingForLocks, withSession } from '@innkeep/testing';
import { Pool } from 'pg';
import { type LogUnderTest, openLog, projections, silent } from './log-under-test';
import { Projector } from './projector';

describe('a read that was begun before its table was swapped', () => {
  let log: LogUnderTest;
  let pool: Pool;
  let shards: Shards;
  let reader: Reader;
  let projector: Projector;

  beforeAll(async () => {
    log = await openLog();
    await log.asAdmin('grant usage on schema tally to innkeep_api; grant select on tally.sums to innkeep_api');
    const url = log.database.urlFor('api');
    pool = new Pool({ connectionString: url, max: 1 });
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 2, applicationName: 'reader-under-test' })]);
    reader = new Reader(new Directory(pool), shards);
    projector = new Projector(await log.openShard(), projections, [], silent);
    await projector.start();
  });
  afterAll(async () => {
    await projector.stop();
    await Promise.all([pool.end(), shards.close()]);
    await log.close();
  });

  it('shows the rows of the position that it says', async () => {
    const [organization] = await addOrganizations(log.database, [7]);
    const { organizationId } = organization!;
    const read = () =>
      reader.read<{ total: string }>(
        { organizationId, projections: ['sums'] },
        ({ bucket }) =>
          sql`select total from tally.sums where bucket = ${bucket} and organization_id = ${organizationId}`,
      );
    await log.write(organization!, [2, 3]);
    await eventually(async () => expect((await read()).rows).toEqual([{ total: '5' }]));
    await log.asAdmin(
      'create table tally.sums__next (like tally.sums including all); grant select on tally.sums__next to innkeep_api',
    );

    await withSession(log.database.adminUrl, async (swapping) => {
      await swapping.query('begin');
      await swapping.query('lock table tally.sums in access exclusive mode');
      const answer = read();
      await eventually(async () => expect(await sessionsWaitingForLocks(log.database)).toHaveLength(1));
      // The last rows of what was built come with the swap, behind the snapshot that the read already has.
      await swapping.query('insert into tally.sums__next select * from tally.sums');
      await swapping.query('alter table tally.sums rename to sums__before');
      await swapping.query('alter table tally.sums__next rename to sums');
      await swapping.query('commit');
      expect(await answer).toMatchObject({ position: 2, rows: [{ total: '5' }] });
    });
  });
});
