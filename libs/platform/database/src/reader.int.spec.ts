import { type TestOrganization, addOrganizations, eventually } from '@innkeep/testing';
import { type DatabaseUnderTest, addNote, contextFor, noteAdded, openDatabase } from './database-under-test';
import { sql } from './sql';

describe('a read', () => {
  let under: DatabaseUnderTest;
  let organization: TestOrganization;
  beforeAll(async () => {
    // One connection: a read that held it while it waits would hold up every other.
    under = await openDatabase({ poolSize: 1 });
    await under.database.asAdmin(
      `insert into events.projections (name, version, table_name, track)
         values ('notes', 1, 'notes.notes', 'live'), ('more_notes', 1, 'notes.more', 'late');
       insert into events.checkpoints (track, bucket) select track, bucket from unnest(array['live', 'late']) track, events.buckets`,
    );
    [organization] = (await addOrganizations(under.database, [3])) as [TestOrganization];
    for (const id of ['one', 'two', 'three']) {
      await under.unitOfWork.run(contextFor(organization), async (unit) => {
        addNote(unit, id);
        unit.record(noteAdded(id));
      });
    }
  });
  afterAll(() => under.close());

  const ids = () => sql`select id from notes.notes order by version`;
  const applied = (track: string, position: number) =>
    under.database.asAdmin('update events.checkpoints set position = $2 where track = $1 and bucket = 3', [
      track,
      position,
    ]);

  it('of the state shows the organization’s version that its rows are of', async () => {
    const snapshot = await under.reader.read({ organizationId: organization.organizationId }, ids);
    expect(snapshot).toMatchObject({
      rows: [{ id: 'one' }, { id: 'two' }, { id: 'three' }],
      position: 3,
      changed: 3,
      epoch: 1,
    });
  });

  it('of read models is as old as the oldest of them', async () => {
    await applied('live', 3);
    await applied('late', 1);
    const read = (projections: string[]) =>
      under.reader.read({ organizationId: organization.organizationId, projections }, ids);
    expect((await read(['notes'])).position).toBe(3);
    expect((await read(['notes', 'more_notes'])).position).toBe(1);
    expect((await read(['nobody_knows'])).position).toBe(0);
  });

  it('waits for the position that is asked for, and lets others read meanwhile', async () => {
    await eventually(async () => {
      await applied('live', 1);
      let looks = 0;
      let others: Promise<unknown> | undefined;
      const snapshot = await under.reader.read(
        { organizationId: organization.organizationId, projections: ['notes'], minPosition: 3 },
        () => {
          looks++;
          others ??= under.reader
            .read({ organizationId: organization.organizationId }, ids)
            .then(() => applied('live', 3));
          return ids();
        },
      );
      expect(looks).toBeGreaterThan(1);
      expect(snapshot.position).toBe(3);
    });
  });

  it('that has waited in vain answers how far it is', async () => {
    await applied('live', 2);
    const snapshot = await under.reader.read(
      { organizationId: organization.organizationId, projections: ['notes'], minPosition: 99 },
      ids,
    );
    expect(snapshot.position).toBe(2);
  });

  it('tells at which version its read models changed last, whatever else happened since', async () => {
    await applied('live', 3);
    await under.database.asAdmin(`insert into events.projection_heads values (3, $1, '{"notes": 2, "others": 3}')`, [
      organization.organizationId,
    ]);
    const ask = { organizationId: organization.organizationId, projections: ['notes'] };
    expect(await under.reader.freshness(ask)).toMatchObject({ position: 3, changed: 2 });
    expect(await under.reader.freshness({ ...ask, readsState: true })).toMatchObject({ position: 3, changed: 3 });
  });

  it('knows that a purge of one of its tags is on its way, until the first one is confirmed', async () => {
    const ask = { organizationId: organization.organizationId, tags: ['a', 'b'] };
    const isPending = async () => (await under.reader.freshness(ask)).isPurgePending;
    expect(await isPending()).toBe(false);
    await under.database.asAdmin(
      `insert into edge.purge_asks (bucket, organization_id, provider, tag, due_at) values (3, $1, 'log', 'b', now())`,
      [organization.organizationId],
    );
    expect(await isPending()).toBe(true);
    await under.database.asAdmin('update edge.purge_asks set repeats_left = 0');
    expect(await isPending()).toBe(false);
  });

  it('cannot write', async () => {
    const writing = under.reader.read(
      { organizationId: organization.organizationId },
      () => sql`update notes.notes set follows = null returning id`,
    );
    await expect(writing).rejects.toMatchObject({ code: '25006' });
    await expect(under.reader.read({ organizationId: organization.organizationId }, ids)).resolves.toBeDefined();
  });

  it('of an organization that the directory does not know is refused', async () => {
    await expect(under.reader.read({ organizationId: 404 }, ids)).rejects.toMatchObject({
      problem: { name: 'organization-not-found' },
    });
  });
});
