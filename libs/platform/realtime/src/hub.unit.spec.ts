import { eventually } from '@innkeep/testing';
import { LiveUnderTest, MemoryClient, listenerOf } from './live-under-test';

const ids = (client: MemoryClient) => client.ledger.messages.map(({ id }) => id);
const recorded = (live: LiveUnderTest, propertyId = 1, isTold = true) =>
  live.happens('TransactionRecorded', { propertyId, entityId: String(live.log.entries.length) }, isTold);

describe('the hub', () => {
  let live: LiveUnderTest;
  const open = (listener = listenerOf('owner'), client = new MemoryClient().listen(), asked = {}) =>
    live.open(client, listener, asked);
  const ready = (client: MemoryClient) => eventually(() => expect(client.events[0]?.event).toBe('ready'));

  beforeEach(() => (live = new LiveUnderTest()));
  afterEach(() => {
    live.stop();
    expect(live.failures).toEqual([]);
  });

  it('tells what happens, in order, each message naming the one before', async () => {
    recorded(live);
    const client = await open();
    await ready(client);
    for (let count = 0; count < 5; count++) recorded(live);
    await eventually(() => expect(ids(client)).toEqual(['1.2', '1.3', '1.4', '1.5', '1.6']));
    expect(client.ledger.messages.map(({ after }) => after)).toEqual(['1.1', '1.2', '1.3', '1.4', '1.5']);
    expect(client.ledger.flaws).toEqual([]);
  });

  it('tells nothing twice, however often it is told', async () => {
    const client = await open();
    await ready(client);
    const entries = [recorded(live), recorded(live)];
    live.hub.events(7, entries);
    live.hub.events(7, entries.slice(1));
    recorded(live);
    await eventually(() => expect(ids(client)).toEqual(['1.1', '1.2', '1.3']));
  });

  it('reads from the log what was lost on the way, as soon as something else is told', async () => {
    const client = await open();
    await ready(client);
    recorded(live, 1, false);
    recorded(live, 1, false);
    recorded(live);
    await eventually(() => expect(ids(client)).toEqual(['1.1', '1.2', '1.3']));
    expect(client.ledger.flaws).toEqual([]);
    expect(live.metrics.totals.healed).toBe(3);
  });

  it('notices what was lost when nothing else is told', async () => {
    const client = await open();
    await ready(client);
    recorded(live, 1, false);
    await eventually(() => expect(ids(client)).toEqual(['1.1']));
    expect(live.metrics.totals.dropped).toBe(1);
  });

  it('takes up who comes back where it stopped, by one look into the log for all', async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => open()));
    await Promise.all(clients.map(ready));
    const old = live;
    const before = old.log.reads;
    live = new LiveUnderTest();
    live.log.entries.push(...old.log.entries);
    for (let count = 0; count < 30; count++) recorded(live);
    const back = await Promise.all(
      clients.map(async (client) => {
        const again = new MemoryClient().listen();
        again.ledger.position = client.ledger.position;
        return open(listenerOf('owner'), again);
      }),
    );
    await eventually(() => back.forEach((client) => expect(client.ledger.messages).toHaveLength(30)));
    expect(back.flatMap(({ ledger }) => ledger.flaws)).toEqual([]);
    expect(JSON.parse(back[0]!.events[0]!.data)).toMatchObject({ recovered: true, position: '1.0' });
    expect(live.log.reads - before).toBe(1);
    old.stop();
  });

  it('says that it cannot take up who was away for longer than the log goes back', async () => {
    for (let count = 0; count < 10; count++) recorded(live);
    live.log.oldest = 5;
    const client = new MemoryClient().listen();
    client.ledger.position = '1.2';
    await open(listenerOf('owner'), client);
    await ready(client);
    expect(JSON.parse(client.events[0]!.data)).toMatchObject({ recovered: false, position: '1.10' });
    recorded(live);
    await eventually(() => expect(ids(client)).toEqual(['1.11']));
    expect(client.ledger.flaws).toEqual([]);
  });

  it.each([
    ['another epoch', '2.1'],
    ['a future that never came', '1.99'],
  ])('says that it cannot take up who comes from %s', async (_name, position) => {
    recorded(live);
    const client = new MemoryClient().listen();
    client.ledger.position = position;
    await open(listenerOf('owner'), client);
    await ready(client);
    expect(JSON.parse(client.events[0]!.data)).toMatchObject({ recovered: false, position: '1.1' });
  });

  it('sends everybody away to read anew when the bucket was restored', async () => {
    recorded(live);
    const client = await open();
    await ready(client);
    live.log.epoch = 2;
    live.ahead += 3_000;
    await eventually(() => expect(client.events.at(-1)).toMatchObject({ event: 'closing' }));
    expect(JSON.parse(client.events.at(-1)!.data)).toMatchObject({ reason: 'resync' });
    const again = new MemoryClient().listen();
    again.ledger.position = client.ledger.position;
    await open(listenerOf('owner'), again);
    await ready(again);
    expect(JSON.parse(again.events[0]!.data)).toMatchObject({ recovered: false, position: '2.1' });
  });

  it('takes up who knew more than this process does', async () => {
    const first = await open();
    await ready(first);
    for (let count = 0; count < 4; count++) recorded(live, 1, false);
    const client = new MemoryClient().listen();
    client.ledger.position = '1.3';
    await open(listenerOf('owner'), client);
    await eventually(() => expect(ids(client)).toEqual(['1.4']));
    await eventually(() => expect(ids(first)).toHaveLength(4));
    expect([...client.ledger.flaws, ...first.ledger.flaws]).toEqual([]);
  });

  it('lets who hears little know how far it is, so that nothing seems to be missing', async () => {
    const busy = await open(listenerOf('owner'));
    await ready(busy);
    const quiet = await open(listenerOf('staff', [2]));
    await ready(quiet);
    recorded(live, 2);
    for (let count = 0; count < 5; count++) recorded(live, 1);
    await eventually(() => expect(ids(busy)).toHaveLength(6));
    const late = new MemoryClient().listen();
    late.ledger.position = '1.3';
    await open(listenerOf('staff', [2]), late);
    await eventually(() => expect(late.events.map(({ event }) => event)).toEqual(['ready', 'position']));
    recorded(live, 2);
    await eventually(() => expect(ids(late)).toEqual(['1.7']));
    expect(ids(quiet)).toEqual(['1.1', '1.7']);
    expect([...late.ledger.flaws, ...quiet.ledger.flaws]).toEqual([]);
  });

  it('leaves out all but the last change of a property that are due together, and no money', async () => {
    const client = await open();
    await ready(client);
    for (let count = 0; count < 3; count++) live.happens('PropertyUpdated', { propertyId: 1, entityId: '1' });
    for (let count = 0; count < 3; count++) live.happens('TransactionChanged', { propertyId: 1, entityId: 'a' });
    await eventually(() => expect(ids(client)).toEqual(['1.3', '1.4', '1.5', '1.6']));
    expect(client.ledger.flaws).toEqual([]);
    expect(live.metrics.totals.conflated).toBe(2);
  });

  it('holds for a client that takes nothing no more than its buffer, and goes on where it stopped', async () => {
    const client = await open(listenerOf('owner'), new MemoryClient());
    const large = 'x'.repeat(2_000);
    for (let round = 0; round < 20; round++) {
      for (let count = 0; count < 10; count++)
        live.happens('TransactionRecorded', { propertyId: 1, data: { description: large } });
      await eventually(() => expect(live.hub.channel(7)!.version).toBe(live.log.entries.length));
    }
    expect(client.socket.writableLength).toBeLessThan(64 * 1024 + 40_000);
    client.listen();
    await eventually(() => expect(client.ledger.messages).toHaveLength(200));
    expect(client.ledger.flaws).toEqual([]);
  });

  it('lets go of a client that goes on taking nothing', async () => {
    const client = await open(listenerOf('owner'), new MemoryClient());
    for (let count = 0; count < 60; count++)
      live.happens('TransactionRecorded', { propertyId: 1, data: { description: 'x'.repeat(3_000) } });
    await eventually(() => expect(client.socket.writableLength).toBeGreaterThan(64 * 1024));
    live.ahead = 11_000;
    await eventually(() => expect(client.socket.writableEnded).toBe(true));
    live.ahead = 20_000;
    await eventually(() => expect(live.endings).toEqual([{ reason: 'slow_consumer' }]));
  });

  it('ends a stream when what let it in has run out, and says so', async () => {
    const client = await open(listenerOf('owner'), undefined, { expiresAt: Date.now() / 1_000 + 0.5 });
    await eventually(() => expect(client.events.at(-1)).toMatchObject({ event: 'closing' }));
    expect(JSON.parse(client.events.at(-1)!.data)).toMatchObject({ reason: 'auth_expired' });
  });

  it('ends the streams of who may not listen any more, and nobody else’s', async () => {
    const [gone, stays] = [await open(listenerOf('owner', 'all', 1)), await open(listenerOf('owner', 'all', 2))];
    live.revoked.add(1);
    await eventually(() => expect(JSON.parse(gone.events.at(-1)!.data)).toMatchObject({ reason: 'auth_revoked' }));
    recorded(live);
    await eventually(() => expect(ids(stays)).toEqual(['1.1']));
    expect(ids(gone)).toEqual([]);
  });

  it('sends everybody elsewhere when it ends', async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => open()));
    await live.streams.drain(5, 1);
    await eventually(() =>
      clients.forEach((client) =>
        expect(JSON.parse(client.events.at(-1)!.data)).toMatchObject({
          reason: 'draining',
          retryMs: expect.any(Number),
        }),
      ),
    );
  });

  it('changes what a stream is subscribed to without losing its place', async () => {
    const client = await open(listenerOf('owner'), undefined, { choice: { services: ['properties'] } });
    await ready(client);
    const { streamId } = JSON.parse(client.events[0]!.data) as { streamId: string };
    recorded(live);
    live.happens('PropertyUpdated', { propertyId: 1 });
    await eventually(() => expect(ids(client)).toEqual(['1.2']));
    live.streams.control(7, { streamId, userId: 2, services: ['finance'] });
    live.streams.control(7, { streamId, userId: 1, services: ['finance'], propertyIds: [1] });
    recorded(live, 2);
    recorded(live, 1);
    await eventually(() => expect(ids(client)).toEqual(['1.2', '1.4']));
    expect(client.events.filter(({ event }) => event === 'subscribed')).toHaveLength(1);
    expect(client.ledger.flaws).toEqual([]);
  });

  it('sends nothing while a client pauses, and everything afterwards', async () => {
    const client = await open();
    await ready(client);
    const { streamId } = JSON.parse(client.events[0]!.data) as { streamId: string };
    live.streams.control(7, { streamId, userId: 1, isPaused: true });
    const heard = await open();
    await ready(heard);
    for (let count = 0; count < 10; count++) recorded(live);
    await eventually(() => expect(ids(heard)).toHaveLength(10));
    expect(ids(client)).toEqual([]);
    live.streams.control(7, { streamId, userId: 1, isPaused: false });
    await eventually(() => expect(ids(client)).toHaveLength(10));
    expect(client.ledger.flaws).toEqual([]);
  });

  it('compresses what is large, once for all who take it so', async () => {
    const client = await open(listenerOf('owner'), new MemoryClient(false).listen(), { coding: 'gzip' });
    await eventually(() => expect(client.unpacked).toContain('event: ready'));
    for (let count = 0; count < 100; count++) recorded(live);
    await eventually(() => expect(client.unpacked.match(/^data: \{"id"/gm)).toHaveLength(100));
    expect(live.metrics.totals.bytesSaved).toBeGreaterThan(8_000);
  });

  describe('for those who ask again and again', () => {
    const poll = (cursor: string | undefined, waitMs = 5_000, listener = listenerOf('owner')) =>
      live.polls.poll({
        ...{ listener, choice: { services: ['finance'] }, waitMs, gone: new AbortController().signal },
        position: cursor === undefined ? undefined : { epoch: 1, version: Number(cursor.split('.')[1]) },
      });

    it('says where to begin', async () => {
      recorded(live);
      expect(await poll(undefined)).toEqual({ messages: [], cursor: '1.1', isRecovered: false });
    });

    it('answers what there is, and else waits for it', async () => {
      recorded(live);
      const first = await poll('1.0');
      expect(first).toMatchObject({ cursor: '1.1', isRecovered: true });
      expect(first.messages).toHaveLength(1);
      const waiting = poll(first.cursor);
      await eventually(() => expect(live.polls.size).toBe(1));
      live.happens('PropertyUpdated', { propertyId: 1 });
      recorded(live);
      const { messages, cursor } = await waiting;
      expect(messages.map((text) => (JSON.parse(text) as { type: string }).type)).toEqual(['TransactionRecorded']);
      expect(cursor).toBe('1.3');
      expect(live.polls.size).toBe(0);
    });

    it('answers with nothing and a cursor that is further when the time is over', async () => {
      recorded(live);
      const waiting = poll('1.1', 100);
      live.happens('PropertyUpdated', { propertyId: 1 });
      expect(await waiting).toEqual({ messages: [], cursor: '1.2', isRecovered: true });
    });

    it('turns away who would be one too many, and who may not listen any more', async () => {
      live.stop();
      live = new LiveUnderTest(1);
      const waiting = poll('1.0').catch((error: Error) => error.message);
      await eventually(() => expect(live.polls.size).toBe(1));
      await expect(poll('1.0')).rejects.toMatchObject({ problem: { name: 'too-many-waiters', status: 503 } });
      live.revoked.add(1);
      expect(await waiting).toBe('revoked');
    });
  });
});
