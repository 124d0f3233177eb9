import { type TestOrganization, addOrganizations } from '@innkeep/testing';
import { type DatabaseUnderTest, addNote, contextFor, noteAdded, openDatabase } from './database-under-test';
import { Reader } from './reader';
import type { ReadRequest } from './snapshot';
import { sql } from './sql';

const bucket = 3;

describe('a read of a read model that stands still', () => {
  let under: DatabaseUnderTest;
  let organization: TestOrganization;
  let reader: Reader;
  let served: string[];

  beforeAll(async () => {
    under = await openDatabase({ poolSize: 2 });
    await under.database.asAdmin(
      `insert into events.projections (name, version, table_name, track) values ('notes', 1, 'notes.notes', 'live');
       insert into events.checkpoints (track, bucket) select track, bucket from unnest(array['live', 'held:notes']) track, events.buckets`,
    );
  });
  beforeEach(async () => {
    served = [];
    reader = new Reader(under.directory, under.shards, {
      servedStale: (readModel, from) => void served.push(`${readModel} from ${from}`),
    });
    [organization] = (await addOrganizations(under.database, [bucket])) as [TestOrganization];
    for (const id of ['one', 'two', 'three']) await add(id);
    await track('live');
    await folded('all');
  });
  afterAll(() => under.close());

  const add = (id: string) =>
    under.unitOfWork.run(contextFor(organization), async (unit) => {
      addNote(unit, `${organization.organizationId} ${id}`);
      unit.record(noteAdded(id));
    });
  const track = (name: string) => under.database.asAdmin('update events.projections set track = $1', [name]);
  /** Every track has folded all of the bucket, or all but the last events. */
  const folded = (what: 'all' | number) =>
    under.database.asAdmin(
      'update events.checkpoints c set position = b.position - $1 from events.buckets b where b.bucket = c.bucket and b.bucket = $2',
      [what === 'all' ? 0 : what, bucket],
    );
  const ofModel = sql`select 'from the read model' as said`;
  const ask = (more: Partial<ReadRequest> = {}) =>
    reader.read<{ said: string }>(
      { organizationId: organization.organizationId, projections: ['notes'], ...more },
      () => ofModel,
    );
  const direct: ReadRequest['direct'] = async (port) => {
    const notes = await port.query('select from notes.notes where bucket = $1 and organization_id = $2', [
      port.bucket,
      port.organizationId,
    ]);
    return sql`select ${`${notes.length} notes`}::text as said`;
  };

  it('is answered from the write model, at its version, by all for whom the usual answer would have been the same', async () => {
    await track('held:notes');
    await folded(2);
    const answer = await ask({ direct });
    expect(answer).toMatchObject({ rows: [{ said: '3 notes' }], position: 3, isDirect: true, isPurgePending: true });
    expect(served).toEqual(['notes from write-model']);
    const other = await reader.read(
      { organizationId: organization.organizationId, projections: ['notes'], direct },
      () => sql`select ${'another question'}::text as said`,
    );
    expect(other.asOf).not.toBe(answer.asOf);
  });

  it('gets the same answer as the one before for a minute, unless it asks for a later position', async () => {
    await track('held:notes');
    await folded(2);
    const first = await ask({ direct });
    await add('four');
    expect(await ask({ direct })).toMatchObject({ rows: [{ said: '3 notes' }], position: 3, asOf: first.asOf });
    expect(await ask({ direct, minPosition: 4 })).toMatchObject({ rows: [{ said: '4 notes' }], position: 4 });
    expect((await ask({ direct })).position).toBe(4);
    expect(served).toHaveLength(4);
  });

  it('is never answered from further back than what the read model holds', async () => {
    await track('held:notes');
    await folded(2);
    await ask({ direct });
    await add('four');
    await add('five');
    await folded(1);
    expect(await ask({ direct })).toMatchObject({ position: 5, rows: [{ said: '5 notes' }] });
  });

  it('is counted and kept by nobody where there is no other answer, and says by its position how old it is', async () => {
    await track('new:notes');
    await under.database.asAdmin(
      `insert into events.checkpoints (track, bucket, position) select 'new:notes', $1, position - 2 from events.buckets where bucket = $1
       on conflict (track, bucket) do update set position = excluded.position`,
      [bucket],
    );
    expect(await ask()).toMatchObject({
      ...{ rows: [{ said: 'from the read model' }], position: 1, isDirect: false, isPurgePending: true },
    });
    expect(served).toEqual(['notes from read-model']);
  });

  it('is answered from the read model as long as that lacks nothing, though nobody may keep the answer', async () => {
    await track('held:notes');
    expect(await ask({ direct })).toMatchObject({ position: 3, isDirect: false, isPurgePending: true });
    expect(served).toEqual([]);
  });

  it('knows an organization that is held parked, and leaves the others alone', async () => {
    await under.database.asAdmin(
      `insert into events.parked (bucket, organization_id, projection, position, version, type, error) values ($1, $2, 'notes', 1, 2, 'NoteAdded', 'x')`,
      [bucket, organization.organizationId],
    );
    expect(await ask({ direct })).toMatchObject({ position: 3, isDirect: true });
    [organization] = (await addOrganizations(under.database, [bucket])) as [TestOrganization];
    await add('one');
    await folded('all');
    expect(await ask({ direct })).toMatchObject({ position: 1, isDirect: false, isPurgePending: false });
  });

  it('is one of a model that is late, not of one that follows', async () => {
    await folded(2);
    expect(await ask({ direct })).toMatchObject({ position: 1, isDirect: false });
    // A minute ago the month may have been another.
    await under.database.asAdmin(
      `do $$ begin execute format('create table events.log_before partition of events.log for values from (%L) to (%L)',
         (date_trunc('month', now() at time zone 'UTC') - interval '1 month') at time zone 'UTC', date_trunc('month', now() at time zone 'UTC') at time zone 'UTC');
       end $$`,
    );
    await under.database.asAdmin(
      `update events.log set recorded_at = now() - interval '1 minute' where organization_id = $1`,
      [organization.organizationId],
    );
    expect(await ask({ direct })).toMatchObject({ position: 3, isDirect: true });
  });
});
