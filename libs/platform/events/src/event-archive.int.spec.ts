import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@innkeep/testing';
import { Pool } from 'pg';
import { ArchiveUnderTest, watcher } from './archive-under-test';
import { EventArchive } from './event-archive';
import { projections } from './log-under-test';
import { readLag } from './projection-status';
import { Projector } from './projector';

describe('the archive of the event log', () => {
  let under: ArchiveUnderTest;
  beforeAll(async () => {
    under = await ArchiveUnderTest.open();
  });
  afterAll(() => under.close());

  describe('refuses', () => {
    const refused = async (monthsAgo: number, reason: string | RegExp) => {
      const before = await under.wholeLog();
      await expect(under.archive.archive(under.month(monthsAgo), under.folder)).rejects.toThrow(reason);
      expect(await under.wholeLog()).toEqual(before);
      expect(await under.log.asAdmin('select from events.archived_partitions')).toEqual([]);
    };

    it('a month that is not over', async () => {
      const [now] = await under.log.asAdmin<{ month: string }>(
        `select to_char(now() at time zone 'UTC', 'YYYY-MM') as month`,
      );
      await expect(under.archive.archive(now!.month, under.folder)).rejects.toThrow('it is not over yet');
    });

    it('a month while an older one is there', () => refused(2, 'an older partition'));

    it('a month that a paused projection has not folded', async () => {
      await under.operations.pause('names');
      await under.log.asAdmin(`update events.checkpoints set position = 1 where track = 'held:names'`);
      await refused(3, 'checkpoint of held:names');
      expect((await under.archive.list())[0]).toMatchObject({
        month: under.month(3),
        isArchived: false,
        neededBy: ['checkpoint of held:names (3 buckets)'],
      });
      await under.log.asAdmin(
        `update events.checkpoints c set position = l.position from events.checkpoints l
         where c.track = 'held:names' and l.track = 'live' and l.bucket = c.bucket`,
      );
      await under.operations.resume('names');
    });

    it('a month that a reactor has not seen, unless the code has lost the reactor', async () => {
      await under.log.asAdmin(
        `insert into events.checkpoints (track, bucket) select 'reactor:slow', bucket from events.buckets;
         insert into events.reactors values ('reactor:slow', '{}')`,
      );
      await refused(3, 'checkpoint of reactor:slow');
      await under.log.asAdmin(`delete from events.reactors where track = 'reactor:slow'`);
      expect((await under.archive.list())[0]).toMatchObject({ month: under.month(3), neededBy: [] });
    });

    it('a month with an event that an organization is parked at, or that is to be replayed', async () => {
      const { bucket, organizationId } = under.organizations[0]!;
      await under.log.asAdmin(
        `insert into events.parked (bucket, organization_id, projection, position, version, type, error) values ($1, $2, 'sums', 2, 2, 'Counted', 'x')`,
        [bucket, organizationId],
      );
      await refused(3, 'organizations parked in sums');
      await under.log.asAdmin('delete from events.parked');
      await under.log.asAdmin(
        `insert into events.replays (bucket, organization_id, track, from_position, to_position) values ($1, $2, 'reactor:watcher', 2, 3)`,
        [bucket, organizationId],
      );
      await refused(3, 'replay for reactor:watcher');
      await under.log.asAdmin('delete from events.replays');
    });

    it('everything that comes from a role of a process', async () => {
      for (const role of ['api', 'projector', 'worker'] as const) {
        const pool = new Pool({ connectionString: under.log.database.urlFor(role), max: 1 });
        await expect(new EventArchive(pool).archive(under.month(3), under.folder)).rejects.toThrow('permission denied');
        await expect(pool.query(`select events.remove_archived('${under.month(3)}-01', 0, '', '[]')`)).rejects.toThrow(
          'permission denied',
        );
        await pool.end();
      }
    });

    it('to remove what the file does not hold', async () => {
      await expect(
        under.owner.query(
          `select events.remove_archived('${under.month(3)}-01', 4, 'x', '[{"bucket": 1, "first": 1, "last": 4}]')`,
        ),
      ).rejects.toThrow('does not hold what the partition');
    });
  });

  describe('once two months are in files', () => {
    let before: unknown[];
    let old: unknown[];

    beforeAll(async () => {
      before = await under.wholeLog();
      old = await under.oldLog();
      for (const monthsAgo of [3, 2]) {
        const manifest = await under.archive.archive(under.month(monthsAgo), under.folder);
        expect(manifest).toMatchObject({ month: under.month(monthsAgo), events: 16 });
      }
    });

    it('the database has let go of them, and knows what the files hold', async () => {
      expect(await under.log.asAdmin('select from events.log')).toHaveLength(before.length - 32);
      const sums256 = await under.log.asAdmin<{ sha256: string }>(
        'select sha256 from events.archived_partitions order by month',
      );
      for (const [index, monthsAgo] of [3, 2].entries()) {
        const manifest = JSON.parse(
          await readFile(join(under.folder, `events-${under.month(monthsAgo)}.json`), 'utf8'),
        ) as {
          sha256: string;
        };
        expect(sums256[index]!.sha256).toBe(manifest.sha256);
      }
      expect((await readdir(under.folder)).filter((name) => name.endsWith('.partial'))).toEqual([]);
      for (const name of await readdir(under.folder))
        expect((await stat(join(under.folder, name))).mode & 0o077).toBe(0);
      expect(await under.archive.list()).toMatchObject([
        { month: under.month(3), isArchived: true, events: 16 },
        { month: under.month(2), isArchived: true, events: 16 },
        { month: under.month(1), isArchived: false },
        { isArchived: false },
      ]);
      expect(await under.log.asAdmin('select events.buckets_with_gaps()::int as gaps')).toEqual([{ gaps: 0 }]);
    });

    it('what follows the log goes on', async () => {
      await under.log.write(under.organizations[0]!, [5]);
      await under.fold();
      await under.react();
      expect((await readLag(under.shard.pool)).map(({ track, eventsBehind }) => [track, eventsBehind])).toEqual(
        expect.arrayContaining([
          ['live', 0],
          ['reactor:watcher', 0],
        ]),
      );
    });

    it('they come back, the newest first, just as they were', async () => {
      await expect(under.archive.restore(under.month(3), under.folder)).rejects.toThrow(
        'is not the newest month in the archive',
      );
      await expect(under.archive.restore(under.month(1), under.folder)).rejects.toThrow('it is not in the archive');
      await under.archive.restore(under.month(2), under.folder);
      expect(await under.log.asAdmin('select events.buckets_with_gaps()::int as gaps')).toEqual([{ gaps: 0 }]);
      await under.archive.restore(under.month(3), under.folder);
      expect(await under.oldLog()).toEqual(old);
      expect(await under.log.asAdmin('select from events.archived_ranges')).toEqual([]);
      const shapes = await under.log.asAdmin(
        `select distinct relrowsecurity, relforcerowsecurity, relowner::regrole::text as owner, relacl::text,
           (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies, (select count(*)::int from pg_index x where x.indrelid = c.oid) as indexes
         from pg_class c join pg_inherits i on i.inhrelid = c.oid where i.inhparent = 'events.log'::regclass`,
      );
      expect(shapes).toHaveLength(1);
      for (const { name } of projections) expect(await under.operations.verify(name)).toEqual([]);
    });

    it('they go while somebody reads the log, others write and a projector folds', async () => {
      const projector = new Projector(await under.log.openShard('beside'), projections, [watcher], {
        folded: () => undefined,
        reacted: () => undefined,
        failed: () => undefined,
        parked: () => undefined,
        outdated: () => undefined,
      });
      await projector.start();
      const reader = await under.shard.pool.connect();
      await reader.query('begin; select 1 from events.log limit 1');
      const moving = under.archive.archive(under.month(3), under.folder);
      // The under.log is wanted for the partition to go, and the reader has it; in between writers have their turn.
      await eventually(async () =>
        expect(
          await under.log.asAdmin(
            `select from pg_locks where relation = 'events.log'::regclass and mode = 'AccessExclusiveLock' and not granted`,
          ),
        ).toHaveLength(1),
      );
      for (let n = 0; n < 5; n++)
        for (const organization of under.organizations) await under.log.write(organization, [n, 'meanwhile']);
      await reader.query('commit');
      reader.release();
      expect(await moving).toMatchObject({ month: under.month(3), events: 16 });
      await projector.stop();
      await under.fold();
      for (const { name } of projections)
        expect(await under.operations.verify(name, undefined, under.folder)).toEqual([]);
      await under.archive.restore(under.month(3), under.folder);
    });
  });
});
