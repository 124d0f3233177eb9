import { features } from '@innkeep/assembly';
import { Shard, Shards } from '@innkeep/platform/database';
import { createLogger } from '@innkeep/platform/telemetry';
import { type TestDatabase, createTestDatabase, ownerOf } from '@innkeep/testing';
import { CommandBus } from '@nestjs/cqrs';
import type { TestingModule } from '@nestjs/testing';
import { TimedWorker } from '@innkeep/platform/feature';
import { openCommandApp } from './guards/command-app';
import { Commands } from './system/commands';

const HOUR_MS = 3_600_000;
const works = new Map(features.flatMap(({ timed = [] }) => timed).map((work) => [work.name, work]));

describe('what time does to tasks', () => {
  let database: TestDatabase;
  let app: TestingModule;
  let shards: Shards;
  let workers: TimedWorker;
  let commands: Commands;
  let context: { principal: ReturnType<typeof ownerOf>; requestId: string };
  let propertyId: number;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await openCommandApp(database, 'tasks-in-time');
    const url = database.urlFor('worker');
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 2, applicationName: 'worker-under-test' })]);
    workers = new TimedWorker(shards, app.get(CommandBus), createLogger('worker', 'silent'));
    commands = new Commands(app.get(CommandBus));
    const person = { organizationName: 'Casas do Rio', name: 'Ana Duarte', email: 'ana@casas.example' };
    const { principal } = await commands.send<{ principal: { organizationId: number; userId: number } }>(
      'SignUp',
      'request-1',
      { ...person, password: 'a river runs by it' },
    );
    context = { principal: ownerOf(principal.organizationId, principal.userId), requestId: 'request-2' };
    const property = { name: 'The house', timeZone: 'UTC', currency: 'EUR', businessDayStartsAt: '00:00' };
    propertyId = (await commands.send<{ id: number }>('CreateProperty', context, property)).id;
  });
  afterAll(async () => {
    await app.close();
    await shards.close();
    await database.drop();
  });

  const day = (ahead: number) => new Date(Date.now() + ahead * 24 * HOUR_MS).toISOString().slice(0, 10);
  const atNoon = (on: string) => new Date(`${on}T12:00:00Z`);
  const make = (particulars: object) =>
    commands.send<{ id: string; seriesId: string }>('CreateTask', context, {
      ...{ propertyId, title: 'Get it ready', priority: 'normal', checklist: ['Towels'] },
      ...particulars,
    });
  const seriesOf = async (seriesId: string) =>
    (await database.asAdmin(
      `select occurrence, due_on::text as "dueOn", status, assignee_id::int as "assigneeId", next_on::text as "nextOn", recurrence is not null as "isLatest"
       from tasks.tasks where series_id = '${seriesId}' order by occurrence`,
    )) as { occurrence: number; dueOn: string; assigneeId: number | null; isLatest: boolean; nextOn: string | null }[];
  const eventsOf = async (type: string, taskId: string) =>
    (await database.asAdmin(`select data from events.log where type = '${type}' and entity_id = '${taskId}'`)).length;

  it('makes each task of a series once, when its day begins, and no more than were wanted', async () => {
    const work = works.get('make-next-tasks')!;
    const rule = { every: 'day', interval: 1, count: 4 };
    const { seriesId } = await make({ dueOn: day(1), recurrence: rule, assigneeId: context.principal.userId });
    expect(await workers.run(work, atNoon(day(1)))).toEqual({ done: 0, failed: 0 });
    // Two workers at the same time, and one who comes again.
    await Promise.all([workers.run(work, atNoon(day(2))), workers.run(work, atNoon(day(2)))]);
    await workers.run(work, atNoon(day(2)));
    expect((await seriesOf(seriesId)).map(({ dueOn, isLatest }) => [dueOn, isLatest])).toEqual([
      [day(1), false],
      [day(2), true],
    ]);
    // Away for a week: what was missed is made, and the series ends.
    while ((await workers.run(work, atNoon(day(9)))).done > 0);
    const series = await seriesOf(seriesId);
    expect(series.map(({ occurrence, dueOn, nextOn }) => [occurrence, dueOn, nextOn])).toEqual([
      [1, day(1), null],
      [2, day(2), null],
      [3, day(3), null],
      [4, day(4), null],
    ]);
    expect(series.map(({ assigneeId }) => assigneeId)).toEqual(Array(4).fill(context.principal.userId));
    expect(await workers.run(work, atNoon(day(30)))).toEqual({ done: 0, failed: 0 });
  });

  it('makes nothing of a series that was ended', async () => {
    const { id, seriesId } = await make({ dueOn: day(1), recurrence: { every: 'week', interval: 1 } });
    await commands.send('ChangeTask', context, id, { recurrence: null });
    await workers.run(works.get('make-next-tasks')!, atNoon(day(30)));
    expect(await seriesOf(seriesId)).toHaveLength(1);
  });

  it('reminds once of what is due, by mail of whoever does it, and not of what is done', async () => {
    const work = works.get('remind-of-tasks')!;
    const due = { dueAt: new Date(Date.now() + 5 * HOUR_MS).toISOString(), remindMinutesBefore: 60 };
    const [open, done, nobodys] = await Promise.all([
      make({ ...due, assigneeId: context.principal.userId }),
      make({ ...due, assigneeId: context.principal.userId }),
      make(due),
    ]);
    await commands.send('MoveTask', context, done.id, 'done');
    await workers.run(work, new Date(Date.now() + 3.9 * HOUR_MS));
    expect(await eventsOf('TaskReminded', open.id)).toBe(0);
    for (let time = 0; time < 2; time++)
      await Promise.all([1, 2].map(() => workers.run(work, new Date(Date.now() + 4.1 * HOUR_MS))));
    const reminded = await Promise.all([open, done, nobodys].map(({ id }) => eventsOf('TaskReminded', id)));
    expect(reminded).toEqual([1, 0, 1]);
    const asks = await database.asAdmin(`select subject, generation::int from mail.asks where kind = 'task-reminder'`);
    expect(asks).toEqual([{ subject: `${context.principal.userId} ${open.id}`, generation: 1 }]);
  });
});
