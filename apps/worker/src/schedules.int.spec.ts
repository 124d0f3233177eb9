import { randomUUID } from 'node:crypto';
import { queueConnection } from '@innkeep/platform/jobs';
import { eventually, testRedis } from '@innkeep/testing';
import { Queue, Worker } from 'bullmq';
import { Schedules } from './schedules';

const HOUR_MS = 3_600_000;

describe('the schedules of a queue', () => {
  const connection = queueConnection(testRedis().state);
  const prefix = `{schedules-${randomUUID()}}`;
  let queue: Queue;
  beforeEach(() => {
    queue = new Queue('views', { connection, prefix });
  });
  afterEach(async () => {
    await queue.obliterate({ force: true });
    await queue.close();
  });

  const made = async () =>
    (await queue.getJobSchedulers()).map(({ key, every }) => [key, Number(every)]).sort() as [string, number][];
  const wanted = [
    { name: 'one', everyMs: HOUR_MS },
    { name: 'two', everyMs: 2 * HOUR_MS },
  ];
  const expected = wanted.map(({ name, everyMs }) => [name, everyMs]);

  it('are made, changed and removed as they are wanted', async () => {
    await new Schedules(queue, [
      { name: 'one', everyMs: 5 * HOUR_MS },
      { name: 'old', everyMs: HOUR_MS },
    ]).make();
    await new Schedules(queue, wanted).make();
    expect(await made()).toEqual(expected);
  });

  it('go on as they are when they are right', async () => {
    const schedules = new Schedules(queue, wanted);
    await schedules.make();
    const next = async () => (await queue.getJobSchedulers()).map(({ next }) => next);
    const before = await next();
    await schedules.make();
    expect(await next()).toEqual(before);
  });

  it('are made again after Redis has lost them, and bring about their jobs', async () => {
    const schedules = new Schedules(queue, wanted);
    await schedules.make();
    await queue.obliterate({ force: true });
    expect(await made()).toEqual([]);
    await schedules.make();
    expect(await made()).toEqual(expected);
    const seen: string[] = [];
    const worker = new Worker('views', async ({ name }) => void seen.push(name), { connection, prefix });
    await eventually(() => expect(seen.sort()).toEqual(['one', 'two']));
    await worker.close();
  });
});
