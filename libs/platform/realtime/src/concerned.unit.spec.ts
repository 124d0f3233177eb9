import { eventually } from '@innkeep/testing';
import { LiveUnderTest, MemoryClient, listenerOf } from './live-under-test';

const ids = (client: MemoryClient) => client.ledger.messages.map(({ id }) => id);
const recorded = (live: LiveUnderTest) =>
  live.happens('TransactionRecorded', { propertyId: 1, entityId: String(live.log.entries.length) });

describe('what concerns one user', () => {
  let live: LiveUnderTest;
  const open = (listener = listenerOf('owner'), client = new MemoryClient().listen()) => live.open(client, listener);
  const ready = (client: MemoryClient) => eventually(() => expect(client.events[0]?.event).toBe('ready'));

  beforeEach(() => (live = new LiveUnderTest()));
  afterEach(() => {
    live.stop();
    expect(live.failures).toEqual([]);
  });

  it('is told to one of those who hear the same, in its place in the order', async () => {
    const shift = (userId: number, isTold = true) =>
      live.happens('ShiftStarted', { propertyId: 1, data: { userId, shiftId: 'one' } }, isTold);
    const [ana, rui] = [await open(listenerOf('staff', [1], 5)), await open(listenerOf('staff', [1], 6))];
    const boss = await open(listenerOf('manager', [1], 7));
    await Promise.all([ana, rui, boss].map(ready));
    recorded(live);
    shift(5);
    recorded(live);
    await eventually(() => expect(ids(rui)).toEqual(['1.1', '1.3']));
    shift(6);
    // Of what was lost on the way too.
    shift(5, false);
    recorded(live);
    await eventually(() => expect(ids(ana)).toEqual(['1.1', '1.2', '1.3', '1.5', '1.6']));
    await eventually(() => expect(ids(rui)).toEqual(['1.1', '1.3', '1.4', '1.6']));
    await eventually(() => expect(ids(boss)).toHaveLength(6));
    const again = new MemoryClient().listen();
    again.ledger.position = '1.1';
    await open(listenerOf('staff', [1], 5), again);
    await eventually(() => expect(ids(again)).toEqual(ids(ana).slice(1)));
    expect([ana, rui, boss, again].flatMap(({ ledger }) => ledger.flaws)).toEqual([]);
  });

  it('is what one of those is answered with who wait for the same', async () => {
    const choice = { services: ['staff' as const] };
    const asked = (userId: number) =>
      live.polls.poll({
        ...{ listener: listenerOf('staff', [1], userId), choice, waitMs: 1_000, gone: new AbortController().signal },
        position: { epoch: 1, version: 0 },
      });
    const waiting = [asked(5), asked(6)];
    await eventually(() => expect(live.polls.size).toBe(2));
    live.happens('ShiftEnded', { propertyId: 1, data: { userId: 5 } });
    const answers = await Promise.all(waiting);
    expect(answers.map(({ messages, cursor }) => [messages.length, cursor])).toEqual([
      [1, '1.1'],
      [0, '1.1'],
    ]);
    expect((await asked(5)).messages).toEqual(answers[0]!.messages);
  });
});
