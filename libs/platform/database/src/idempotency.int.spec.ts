import {
  type TestOrganization,
  addOrganizations,
  closedGate,
  endSessions,
  eventually,
  ownerOf,
} from '@innkeep/testing';
import {
  type DatabaseUnderTest,
  addNote,
  applicationName,
  contextFor,
  noteAdded,
  openDatabase,
} from './database-under-test';

const keyFor = (key: string, request = 'a request') => ({ key, fingerprint: Buffer.from(request) });

describe('an idempotency key', () => {
  let under: DatabaseUnderTest;
  let organization: TestOrganization;
  let other: TestOrganization;
  beforeAll(async () => {
    under = await openDatabase();
    [organization, other] = (await addOrganizations(under.database, [7, 7])) as [TestOrganization, TestOrganization];
  });
  afterAll(() => under.close());

  let runs = 0;
  const send = (key: string, { by = organization, request = 'a request', userId = 1, wait = async () => {} } = {}) =>
    under.unitOfWork.run(
      { ...contextFor(by, keyFor(key, request)), principal: ownerOf(by.organizationId, userId) },
      async (unit) => {
        await unit.query('select 1');
        await wait();
        const run = ++runs;
        addNote(unit, `note ${run}`);
        unit.record(noteAdded(`note ${run}`));
        return { run, text: 'é "quoted" \u2028 ½', nested: { z: 1, a: [null, 1e21] } };
      },
    );
  /** A first request that has claimed the key and goes on when the gate is opened. */
  const sendAndHold = async (key: string) => {
    const [claimed, gate] = [closedGate(), closedGate()];
    const wait = async () => {
      claimed.open();
      await gate.passed;
    };
    const first = send(key, { wait });
    await claimed.passed;
    return { first, open: gate.open };
  };
  const notesUnder = async (by: TestOrganization) =>
    (await under.database.asAdmin('select from notes.notes where organization_id = $1', [by.organizationId])).length;

  it('answers a repeated request byte for byte as the first one, with its version, and runs nothing', async () => {
    const first = await send('repeat');
    await send('something in between');
    const before = await notesUnder(organization);
    const again = await send('repeat');
    expect(again).toEqual({ body: first.body, version: first.version, isReplay: true, dbMs: expect.any(Number) });
    expect(await notesUnder(organization)).toBe(before);
  });

  it('is refused for another request', async () => {
    await send('reused');
    await expect(send('reused', { request: 'another request' })).rejects.toMatchObject({
      problem: { name: 'idempotency-key-reused', status: 409 },
    });
  });

  it('is told to wait while the first request still runs, and replays when it is over', async () => {
    const { first, open } = await sendAndHold('slow');
    await expect(send('slow')).rejects.toMatchObject({
      problem: { name: 'idempotency-in-progress', status: 409 },
      extra: { headers: { 'retry-after': '1' } },
    });
    open();
    const { body } = await first;
    await expect(send('slow')).resolves.toMatchObject({ isReplay: true, body });
  });

  it('is free again when the first request died', async () => {
    const { first, open } = await sendAndHold('dies');
    await expect(send('dies')).rejects.toMatchObject({ problem: { name: 'idempotency-in-progress' } });
    await endSessions(under.database, applicationName);
    open();
    await expect(first).rejects.toMatchObject({ problem: { name: 'service-unavailable' } });
    expect(await eventually(() => send('dies'))).toMatchObject({ isReplay: false });
  });

  it('has one effect when fifty requests come at once, and one answer for all that get one', async () => {
    const before = await notesUnder(organization);
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => send('fifty')));
    const answers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const refusals = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason.problem.name] : [],
    );
    expect(await notesUnder(organization)).toBe(before + 1);
    expect(answers.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
    expect(new Set(answers.map(({ body, version }) => `${version} ${body}`)).size).toBe(1);
    expect(refusals.filter((name) => name !== 'idempotency-in-progress')).toEqual([]);
  });

  it('belongs to one user of one organization', async () => {
    const mine = await send('shared');
    const colleague = await send('shared', { userId: 2, request: 'something else' });
    const stranger = await send('shared', { by: other, request: 'something else again' });
    expect([mine, colleague, stranger].map(({ isReplay }) => isReplay)).toEqual([false, false, false]);
    await expect(send('shared')).resolves.toMatchObject({ isReplay: true, body: mine.body });
  });

  it('runs again, even for another request, once its answer has expired', async () => {
    const first = await send('old');
    await under.database.asAdmin(`update http.idempotency_records set expires_at = now() where key = 'old'`);
    const second = await send('old', { request: 'another request' });
    expect([second.isReplay, second.body === first.body]).toEqual([false, false]);
    await expect(send('old', { request: 'another request' })).resolves.toMatchObject({
      isReplay: true,
      body: second.body,
    });
  });

  it('is not used up by a request that was refused', async () => {
    const refused = under.unitOfWork.run(contextFor(organization, keyFor('refused')), async () => {
      throw new Error('not like this');
    });
    await expect(refused).rejects.toThrow('not like this');
    await expect(send('refused')).resolves.toMatchObject({ isReplay: false });
  });
});
