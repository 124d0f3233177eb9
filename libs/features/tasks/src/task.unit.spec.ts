import type { PropertyFacts, TaskStatus } from '@innkeep/contracts';
import { assignTask, changeTask, changedMembers, comeAgain, createTask, moveTask, snapshotOf, tickItem } from './task';
import { taskChanges, taskInput } from './task.input';

const property: PropertyFacts = {
  id: 7,
  name: 'Casa do Rio',
  timeZone: 'Asia/Kolkata',
  currency: 'INR',
  businessDayStartsAt: '06:00',
};
const by = { organizationId: 1, userId: 5, role: 'owner', properties: 'all', permissionEpoch: 1 } as const;
const now = new Date('2026-03-10T12:00:00Z');
const later = new Date('2026-03-10T13:00:00Z');

const made = (input: object = {}) =>
  createTask(taskInput.parse({ propertyId: 7, title: 'Get room 12 ready', ...input }), property, by, now);
const changed = (task: ReturnType<typeof made>, changes: object) =>
  changeTask(task, taskChanges.parse(changes), property, later);
const refusal = (name: string, status: number) =>
  expect.objectContaining({ problem: expect.objectContaining({ name, status }) });
const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('a task', () => {
  it('that is due on a day is overdue when the day is over at the property', () => {
    const task = made({ dueOn: '2026-03-12', remindMinutesBefore: 60 });
    expect([task.dueBy, task.remindAt]).toEqual(['2026-03-13T00:30:00.000Z', '2026-03-12T23:30:00.000Z']);
    const moved = changed(task, { dueAt: '2026-03-12T10:00:00+05:30' })!;
    expect([moved.dueOn, moved.dueAt, moved.remindAt]).toEqual([
      null,
      '2026-03-12T04:30:00.000Z',
      '2026-03-12T03:30:00.000Z',
    ]);
    expect(changedMembers(task, moved).sort()).toEqual(['dueAt', 'dueBy', 'dueOn']);
    expect(changed(moved, { dueAt: null })).toMatchObject({ dueBy: null, remindAt: null });
  });

  it('cannot be due out of time, nor on a day and at a moment', () => {
    expect(thrown(() => made({ dueOn: '2019-01-01' }))).toEqual(refusal('due-out-of-range', 422));
    expect(thrown(() => made({ dueAt: '2199-01-01T00:00:00Z' }))).toEqual(refusal('due-out-of-range', 422));
    expect(
      taskInput.safeParse({ propertyId: 7, title: 'x', dueOn: '2026-03-12', dueAt: now.toISOString() }).success,
    ).toBe(false);
  });

  it('goes from status to status as it may', () => {
    const ways: Record<TaskStatus, TaskStatus[]> = {
      open: ['in-progress', 'blocked', 'done', 'cancelled'],
      'in-progress': ['open', 'blocked', 'done', 'cancelled'],
      blocked: ['open', 'in-progress', 'cancelled'],
      done: ['open'],
      cancelled: ['open'],
    };
    for (const [from, allowed] of Object.entries(ways) as [TaskStatus, TaskStatus[]][]) {
      const task = { ...made(), status: from };
      expect(moveTask(task, from, later)).toBeUndefined();
      for (const to of Object.keys(ways) as TaskStatus[]) {
        if (to === from) continue;
        const result = thrown(() => moveTask(task, to, later));
        if (allowed.includes(to)) expect(result).toMatchObject({ status: to });
        else expect(result).toEqual(refusal('task-status-transition', 409));
      }
    }
  });

  it('that is finished says when, stays as it is, and is reminded of again only when it is opened', () => {
    const task = made({ dueOn: '2026-03-12', remindMinutesBefore: 60, checklist: ['Towels'] });
    const done = moveTask(task, 'done', later)!;
    expect(done).toMatchObject({ finishedAt: later.toISOString(), remindAt: null });
    expect(thrown(() => changed(done, { title: 'Another' }))).toEqual(refusal('task-finished', 409));
    expect(thrown(() => assignTask(done, 9))).toEqual(refusal('task-finished', 409));
    expect(thrown(() => tickItem(done, task.checklist[0]!.id, true, by, later))).toEqual(refusal('task-finished', 409));
    expect(moveTask(done, 'open', later)).toMatchObject({ finishedAt: null, remindAt: task.remindAt });
  });

  it('has its items ticked one by one, and keeps what is ticked when others come and go', () => {
    const task = made({ checklist: ['Towels', 'Windows'] });
    const [towels, windows] = [task.checklist[0]!, task.checklist[1]!];
    const ticked = tickItem(task, windows.id, true, by, later)!;
    expect(ticked.checklist.map(({ isDone, doneBy }) => [isDone, doneBy])).toEqual([
      [false, null],
      [true, 5],
    ]);
    expect(tickItem(ticked, windows.id, true, by, later)).toBeUndefined();
    const others = changed(ticked, { checklist: [{ text: 'Lamp' }, { id: windows.id, text: 'All windows' }] })!;
    expect(others.checklist.map(({ text, isDone }) => [text, isDone])).toEqual([
      ['Lamp', false],
      ['All windows', true],
    ]);
    expect(snapshotOf(others)).toMatchObject({ itemCount: 2, itemsDone: 1 });
    expect(thrown(() => changed(others, { checklist: [{ id: towels.id, text: 'gone' }] }))).toEqual(
      refusal('checklist-item-unknown', 422),
    );
    const twice = [windows.id, windows.id].map((id) => ({ id, text: 'Windows' }));
    expect(thrown(() => changed(others, { checklist: twice }))).toEqual(refusal('checklist-item-unknown', 422));
    expect(changed(task, { title: task.title })).toBeUndefined();
  });

  it('comes again with everything but what was done, and hands the rule on', () => {
    const first = made({ dueOn: '2026-03-10', checklist: ['Towels'], recurrence: { every: 'day', count: 2 } });
    expect(first).toMatchObject({ occurrence: 1, nextOn: '2026-03-11', nextAt: '2026-03-11T00:30:00.000Z' });
    const ticked = tickItem(first, first.checklist[0]!.id, true, by, now)!;
    const { passed, next } = comeAgain(ticked, null, property, later);
    expect(passed).toMatchObject({ recurrence: null, nextOn: null, nextAt: null, seriesId: first.seriesId });
    expect(next).toMatchObject({
      ...{ status: 'open', dueOn: '2026-03-11', dueBy: '2026-03-12T00:30:00.000Z', occurrence: 2, nextOn: null },
      ...{ seriesId: first.seriesId, createdBy: 5, assigneeId: null, checklist: [{ text: 'Towels', isDone: false }] },
    });
    expect(next.taskId).not.toBe(first.taskId);
  });

  it('comes again only if it is due on a day', () => {
    const rule = { recurrence: { every: 'day' } };
    expect(thrown(() => made(rule))).toEqual(refusal('recurrence-without-day', 422));
    expect(thrown(() => made({ ...rule, dueAt: now.toISOString() }))).toEqual(refusal('recurrence-without-day', 422));
    const task = made({ ...rule, dueOn: '2026-03-10' });
    expect(thrown(() => changed(task, { dueOn: null }))).toEqual(refusal('recurrence-without-day', 422));
    expect(changed(task, { dueOn: null, recurrence: null })).toMatchObject({ nextAt: null, seriesId: task.seriesId });
    expect(changed(task, { dueOn: '2026-03-14' })).toMatchObject({ nextOn: '2026-03-15', occurrence: 1 });
  });
});
