import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addOrganizations } from '@innkeep/testing';
import { ArchiveUnderTest, watcher } from './archive-under-test';
import { counts, names, projections, sums } from './log-under-test';
import { ParkedOrganizations } from './parked-organizations';
import { ProjectionOperations } from './projection-operations';
import { readLag, readStatus } from './projection-status';
import { defineReactor } from './reactor';
import { registerTracks } from './registration';

const POISON = 1.5;

describe('a log of which two months are in files', () => {
  let under: ArchiveUnderTest;
  let rows: Record<string, unknown[]>;
  beforeAll(async () => {
    under = await ArchiveUnderTest.open();
    for (const monthsAgo of [3, 2]) await under.archive.archive(under.month(monthsAgo), under.folder);
    await under.log.write(under.organizations[0]!, [5]);
    await under.fold();
    rows = await under.log.rows();
  });
  afterAll(() => under.close());

  it('a rebuild without the files is refused and leaves nothing behind, and so is a comparison', async () => {
    const refusal = `the events of ${under.month(3)} to ${under.month(2)} are not in the log`;
    await expect(under.operations.rebuild('sums')).rejects.toThrow(refusal);
    await expect(under.operations.verify('sums')).rejects.toThrow(refusal);
    expect(await under.log.asAdmin(`select to_regclass('tally.sums__next') as next`)).toEqual([{ next: null }]);
    expect((await readStatus(under.shard.pool)).find(({ name }) => name === 'sums')).toMatchObject({
      state: 'live',
      isRebuilding: false,
    });
    expect(await under.log.rows()).toEqual(rows);
  });

  it('a rebuild from the files and the log gives the rows that there were, and a comparison finds no difference', async () => {
    for (const { name } of projections) {
      let events = 0;
      await under.operations.rebuild(name, (count) => (events += count), under.folder);
      expect(events).toBe(4 * 16 + 1);
      expect(await under.operations.verify(name, undefined, under.folder)).toEqual([]);
    }
    expect(await under.log.rows()).toEqual(rows);
  });

  it('a comparison with the files finds a row that is wrong', async () => {
    const { organizationId } = under.organizations[1]!;
    await under.log.asAdmin('update tally.sums set total = total + 1 where organization_id = $1', [organizationId]);
    expect(await under.operations.verify('sums', undefined, under.folder)).toEqual([
      { organizationId, liveRows: 1, expectedRows: 1 },
    ]);
    await under.operations.rebuild('sums', undefined, under.folder);
    expect(await under.log.rows()).toEqual(rows);
  });

  it('a rebuild that was interrupted within the files goes on where it was', async () => {
    let isFirst = true;
    await expect(
      under.operations.rebuild(
        'counts',
        () => {
          if (!isFirst) throw new Error('the power went out');
          isFirst = false;
        },
        under.folder,
      ),
    ).rejects.toThrow('the power went out');
    await expect(under.operations.rebuild('counts')).rejects.toThrow('are not in the log');
    await under.operations.rebuild('counts', undefined, under.folder);
    expect(await under.log.rows()).toEqual(rows);
  });

  it('a file that was damaged, exchanged or lost is noticed before anything is folded', async () => {
    const path = join(under.folder, `events-${under.month(2)}.jsonl.gz`);
    const good = await readFile(path);
    const damaged = Buffer.from(good);
    damaged[damaged.length - 20]! ^= 1;
    const older = await readFile(join(under.folder, `events-${under.month(3)}.jsonl.gz`));
    for (const bytes of [damaged, good.subarray(0, -10), older, undefined]) {
      if (bytes) await writeFile(path, bytes);
      else await rm(path);
      await expect(under.operations.rebuild('sums', undefined, under.folder)).rejects.toThrow(path);
    }
    await writeFile(path, good);
    expect(await under.log.asAdmin(`select to_regclass('tally.sums__next') as next`)).toEqual([{ next: null }]);
  });

  it('a track that stands before the log’s beginning says so instead of passing over what is missing', async () => {
    const { bucket } = under.organizations[0]!;
    const [at] = await under.log.asAdmin<{ position: string }>(
      `select position from events.checkpoints where track = 'live' and bucket = $1`,
      [bucket],
    );
    const move = (track: string, position: number | string) =>
      under.log.asAdmin(
        `update events.checkpoints set position = $1, recorded_at = '-infinity' where track = $2 and bucket = $3`,
        [position, track, bucket],
      );
    await move('live', 3);
    await expect(under.fold()).rejects.toThrow(`the log of bucket ${bucket} does not go on behind position 3`);
    const live = (await readLag(under.shard.pool)).find(({ track }) => track === 'live')!;
    expect(live.secondsBehind).toBeGreaterThan(30 * 24 * 3_600);
    await move('live', at!.position);
    await move('reactor:watcher', 3);
    await expect(under.react()).rejects.toThrow('does not go on behind position 3');
    await move('reactor:watcher', at!.position);
  });

  it('an organization of which the log holds nothing that is applied stands where its archived events end', async () => {
    const organization = under.organizations[3]!;
    const applied = async () => {
      const [row] = await under.log.asAdmin<{ applied: string }>(
        `select events.applied_version(bucket, organization_id, 'sums', version, position) as applied from events.organization_heads
         where organization_id = $1`,
        [organization.organizationId],
      );
      return Number(row!.applied);
    };
    // As if it had slept since the second month and wrote again just now.
    const moved = await under.log.asAdmin<{ position: string }>(
      `update events.checkpoints set position = 8 where track = 'live' and bucket = $1 returning
         (select position from events.buckets b where b.bucket = checkpoints.bucket) as position`,
      [organization.bucket],
    );
    expect(await applied()).toBe(8);
    await under.log.asAdmin(`update events.checkpoints set position = $1 where track = 'live' and bucket = $2`, [
      moved[0]!.position,
      organization.bucket,
    ]);
    expect(await applied()).toBe(16);
  });

  it('a new reactor begins where the log does and says so, a new projection waits for a rebuild with the files', async () => {
    await under.log.asAdmin(
      `create table tally.twice (like tally.sums including all); alter table tally.twice owner to innkeep_migrator; select app.protect('tally.twice');
       grant select, insert, update, delete on tally.twice to innkeep_projector`,
    );
    const twice = { ...sums, name: 'twice', table: 'tally.twice' };
    const known = [sums, names, counts, twice];
    const seen: number[] = [];
    const newer = defineReactor({
      name: 'newer',
      trails: [],
      events: sums.events,
      react: async (events) => void seen.push(...events.map(({ position }) => position)),
    });
    const { fresh, late } = await registerTracks(under.shard.pool, known, [watcher, newer]);
    expect({ fresh, late }).toEqual({ fresh: ['twice'], late: ['newer'] });
    await under.react(newer);
    expect(Math.min(...seen)).toBeGreaterThan(8);
    expect((await registerTracks(under.shard.pool, known, [watcher, newer])).late).toEqual([]);

    const newest = new ProjectionOperations(under.shard.pool, known);
    await expect(newest.buildNew()).rejects.toThrow('are not in the log');
    await newest.rebuild('twice', undefined, under.folder);
    expect(await newest.verify('twice', undefined, under.folder)).toEqual([]);
    await registerTracks(under.shard.pool, projections, [watcher]);
  });

  it('a parked organization and a skipped event are left out by a rebuild as they were', async () => {
    const [sick] = await addOrganizations(under.log.database, [600]);
    await under.log.write(sick!, [1, POISON, 3]);
    await under.fold();
    await new ParkedOrganizations(under.shard.pool, projections).skip('sums', sick!.organizationId, 'a test');
    rows = await under.log.rows();
    await under.operations.rebuild('sums', undefined, under.folder);
    expect(await under.log.rows()).toEqual(rows);
  });

  it('a partition that went without being archived is seen', async () => {
    await under.log.asAdmin(`drop table events.log_${under.month(1).replace('-', '_')}`);
    expect(await under.log.asAdmin('select events.buckets_with_gaps()::int as gaps')).toEqual([{ gaps: 3 }]);
    await expect(under.operations.rebuild('names', undefined, under.folder)).rejects.toThrow(
      'the log of bucket 1 does not go on behind position 8',
    );
  });
});
