import { addOrganizations, closedGate, endSessions, eventually, randomnessFor } from '@innkeep/testing';
import {
  type DatabaseUnderTest,
  addNote,
  applicationName,
  contextFor,
  noteAdded,
  openDatabase,
} from './database-under-test';
import { sql } from './sql';

const logByBucket = `select bucket, count(*)::int as events, max(position)::int as last, min(position)::int as first
  from events.log group by bucket order by bucket`;

describe('a unit of work', () => {
  let under: DatabaseUnderTest;
  beforeAll(async () => {
    under = await openDatabase();
  });
  afterAll(() => under.close());

  it('numbers buckets and organizations without gaps, in commit order, for eight writers of which some give up', async () => {
    const random = randomnessFor('unit of work');
    const organizations = await addOrganizations(under.database, [1, 1, 1, 2, 2]);
    const versions = new Map<number, number[]>();
    let committed = 0;
    let isOver = false;

    const write = async (writer: number) => {
      for (let turn = 0; turn < 20; turn++) {
        const organization = random.pick(organizations);
        const ending = random.pick([
          'commits',
          'commits',
          'commits',
          'is refused',
          'fails at the end',
          'fails at the commit',
        ]);
        const names = Array.from({ length: 1 + random.integer(3) }, (_, n) => `${writer}-${turn}-${n}`);
        const running = under.unitOfWork.run(contextFor(organization), async (unit) => {
          await unit.query('select 1');
          addNote(unit, names[0]!, ending === 'fails at the commit' ? 'no such note' : null);
          unit.record(...names.map(noteAdded));
          if (ending === 'fails at the end') addNote(unit, names[0]!);
          if (ending === 'is refused') throw new Error('refused');
        });
        if (ending !== 'commits') await expect(running).rejects.toThrow();
        else {
          const { version } = await running;
          committed += names.length;
          versions.set(organization.organizationId, [...(versions.get(organization.organizationId) ?? []), version]);
        }
      }
    };
    // What a reader sees while they write: whatever is there is there without a gap.
    const watch = async () => {
      const seen: { events: number; last: number; first: number }[] = [];
      while (!isOver) seen.push(...(await under.database.asAdmin<(typeof seen)[number]>(logByBucket)));
      return seen;
    };

    const watching = watch();
    await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer))).finally(() => (isOver = true));
    for (const { events, last, first } of await watching) expect([first, last]).toEqual([1, events]);

    const counters = await under.database.asAdmin(
      `select bucket, position::int as last from events.buckets where position > 0 order by bucket`,
    );
    const log = await under.database.asAdmin<{ bucket: number; events: number; last: number }>(logByBucket);
    expect(counters).toEqual(log.map(({ bucket, last }) => ({ bucket, last })));
    expect(log.reduce((sum, { events }) => sum + events, 0)).toBe(committed);

    const heads = await under.database.asAdmin<{
      id: number;
      head: number;
      events: number;
      last: number;
      distinct: number;
    }>(
      `select l.organization_id::int as id, h.version::int as head, count(*)::int as events, max(l.version)::int as last,
         count(distinct l.version)::int as distinct
       from events.log l join events.organization_heads h using (bucket, organization_id) group by 1, 2`,
    );
    for (const { id, head, events, last, distinct } of heads) {
      expect([head, last, distinct]).toEqual([events, events, events]);
      expect(Math.max(...versions.get(id)!)).toBe(head);
      expect(new Set(versions.get(id)).size).toBe(versions.get(id)!.length);
    }
    const disordered = await under.database.asAdmin(
      `select from (select *, lag(version) over same as version_before from events.log window same as (partition by organization_id order by position)) l
       where version_before >= version
       union all
       select from (select *, lag(recorded_at) over same as recorded_before from events.log window same as (partition by bucket order by position)) l
       where recorded_before > recorded_at`,
    );
    expect(disordered).toEqual([]);
  });

  it('gives rows the version of their own event', async () => {
    const [organization] = await addOrganizations(under.database, [10]);
    const { version, body, isReplay } = await under.unitOfWork.run(contextFor(organization!), async (unit) => {
      addNote(unit, 'first');
      unit.record(noteAdded('first'), noteAdded('again'));
      return { said: 'so' };
    });
    expect({ version, body, isReplay }).toEqual({ version: 2, body: '{"said":"so"}', isReplay: false });
    const rows = await under.database.asAdmin(
      `select n.version::int as row, array_agg(l.version::int order by l.position) as events, array_agg(l.actor_id::int) as actors
       from notes.notes n join events.log l using (bucket, organization_id) where organization_id = $1 group by 1`,
      [organization!.organizationId],
    );
    expect(rows).toEqual([{ row: 2, events: [1, 2], actors: [1, 1] }]);
  });

  it('takes no position when nothing happened, and hints only after a commit that left events', async () => {
    const [organization] = await addOrganizations(under.database, [11]);
    const before = under.hints.count;
    const idle = await under.unitOfWork.run(contextFor(organization!), async () => 'nothing');
    expect([idle.version, under.hints.count]).toEqual([0, before]);
    const refused = under.unitOfWork.run(contextFor(organization!), async (unit) => {
      unit.record(noteAdded('x'));
      throw new Error('changed my mind');
    });
    await expect(refused).rejects.toThrow('changed my mind');
    expect(under.hints.count).toBe(before);
    const done = await under.unitOfWork.run(contextFor(organization!), async (unit) => unit.record(noteAdded('x')));
    expect([done.version, under.hints.count]).toEqual([1, before + 1]);
  });

  const traces = async (organizationId: number, bucket: number) => {
    const [counts] = await under.database.asAdmin(
      `select (select count(*)::int from events.log where organization_id = $1) as events,
         (select count(*)::int from notes.notes where organization_id = $1) as notes,
         (select count(*)::int from http.idempotency_records where organization_id = $1) as records,
         (select count(*)::int from events.organization_heads where organization_id = $1) as heads,
         (select position::int from events.buckets where bucket = $2) as position`,
      [organizationId, bucket],
    );
    return counts;
  };

  it.each([
    [
      'the last statement fails',
      (unit: Parameters<typeof addNote>[0]) =>
        unit.write(sql`insert into notes.notes select (1 / 0)::smallint from head`),
    ],
    ['the commit fails', (unit: Parameters<typeof addNote>[0]) => addNote(unit, 'orphan', 'no such note')],
  ])('leaves no event, row or idempotency record when %s', async (_when, spoil) => {
    const [organization] = await addOrganizations(under.database, [12]);
    const { organizationId } = organization!;
    const key = { key: 'a-key', fingerprint: Buffer.from('a request') };
    const attempt = (isSpoilt: boolean) =>
      under.unitOfWork.run(contextFor(organization!, key), async (unit) => {
        addNote(unit, 'kept');
        unit.record(noteAdded('kept'));
        if (isSpoilt) spoil(unit);
      });
    const before = await traces(organizationId, 12);
    await expect(attempt(true)).rejects.toThrow();
    expect(await traces(organizationId, 12)).toEqual(before);
    await expect(attempt(false)).resolves.toMatchObject({ isReplay: false, version: 1 });
  });

  it('runs a transaction again that lost a deadlock', async () => {
    const [organization] = await addOrganizations(under.database, [13]);
    await under.unitOfWork.run(contextFor(organization!), async (unit) => {
      addNote(unit, 'a');
      addNote(unit, 'b');
      unit.record(noteAdded('a'));
    });
    const bothHoldOne = closedGate();
    let holding = 0;
    let attempts = 0;
    const lockInTurn = (ids: readonly string[]) =>
      under.unitOfWork.run(contextFor(organization!), async (unit) => {
        attempts++;
        const lock = (id: string) =>
          unit.query(
            sql`select from notes.notes where organization_id = ${unit.organizationId} and id = ${id} for update`,
          );
        await lock(ids[0]!);
        if (++holding === 2) bothHoldOne.open();
        await bothHoldOne.passed;
        await lock(ids[1]!);
        unit.record(noteAdded('locked'));
      });
    const outcomes = await Promise.all([lockInTurn(['a', 'b']), lockInTurn(['b', 'a'])]);
    expect(outcomes.map(({ version }) => version).sort()).toEqual([2, 3]);
    // One more than the two, or two more: PostgreSQL may find the deadlock from both sides before either has let go.
    expect(attempts).toBeGreaterThan(2);
  });

  it('gives up after three attempts, and says that the request may be sent again', async () => {
    const [organization] = await addOrganizations(under.database, [14]);
    let attempts = 0;
    const running = under.unitOfWork.run(contextFor(organization!), async () => {
      attempts++;
      throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    });
    await expect(running).rejects.toMatchObject({ problem: { name: 'service-unavailable', status: 503 } });
    expect(attempts).toBe(3);
  });

  it('refuses an organization that the directory does not know, without running anything', async () => {
    let hasRun = false;
    const running = under.unitOfWork.run(contextFor({ organizationId: 404, bucket: 1 }), async () => {
      hasRun = true;
    });
    await expect(running).rejects.toMatchObject({ problem: { name: 'organization-not-found', status: 404 } });
    expect(hasRun).toBe(false);
  });

  it('names a violated constraint as the command does', async () => {
    const [organization] = await addOrganizations(under.database, [15]);
    const twice = () =>
      under.unitOfWork.run(
        contextFor(organization!),
        async (unit) => {
          addNote(unit, 'once');
          unit.record(noteAdded('once'));
        },
        { constraints: { notes_pkey: () => new Error('there is such a note') as never } },
      );
    await twice();
    await expect(twice()).rejects.toThrow('there is such a note');
  });

  it('answers that it cannot when its connection is ended, and works on with another', async () => {
    const [organization] = await addOrganizations(under.database, [16]);
    const running = under.unitOfWork.run(contextFor(organization!), async (unit) => {
      await unit.query('select 1');
      await endSessions(under.database, applicationName);
      unit.record(noteAdded('lost'));
    });
    await expect(running).rejects.toMatchObject({ problem: { name: 'service-unavailable' } });
    // The pool may yet lend a connection whose end it has not heard of.
    const next = await eventually(() =>
      under.unitOfWork.run(contextFor(organization!), async (unit) => unit.record(noteAdded('kept'))),
    );
    expect(next.version).toBe(1);
  });
});
