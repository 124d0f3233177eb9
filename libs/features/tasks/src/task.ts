import type { Principal, PropertyFacts, TaskPriority, TaskSnapshot, TaskStatus } from '@innkeep/contracts';
import { v7 as uuidv7 } from 'uuid';
import { endOfBusinessDay, startOfBusinessDay } from './business-day';
import { type Recurrence, nextDay, withDays } from './recurrence';
import type { ChecklistItem, TaskView } from './task.answers';
import type { TaskChanges, TaskInput } from './task.input';
import { refuse } from './tasks.problems';

/** A task as commands load and save it. Instants are texts, as they are answered. */
export interface Task extends Omit<TaskView, 'id' | 'recurrence'> {
  readonly taskId: string;
  readonly status: TaskStatus;
  readonly priority: TaskPriority;
  readonly recurrence: Recurrence | null;
  /** When its assignee is to be reminded; null if there is nothing to remind of, or it was done. */
  readonly remindAt: string | null;
  /** When the next of its series is to be made. */
  readonly nextAt: string | null;
}

const DAY_MS = 24 * 3_600_000;
const MOST_AGO_MS = 366 * DAY_MS;
const MOST_AHEAD_MS = 5 * 366 * DAY_MS;

/** Which status may follow on which. What is blocked has to go on before it can be done; what is finished can be opened again. */
const transitions: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  open: ['in-progress', 'blocked', 'done', 'cancelled'],
  'in-progress': ['open', 'blocked', 'done', 'cancelled'],
  blocked: ['open', 'in-progress', 'cancelled'],
  done: ['open'],
  cancelled: ['open'],
};

export const isFinished = ({ status }: Pick<Task, 'status'>): boolean => status === 'done' || status === 'cancelled';

function assertUnfinished(task: Task): void {
  if (isFinished(task)) throw refuse('task-finished', `It is ${task.status}. Open it again first.`);
}

/** When a task is overdue. */
function dueByOf({ dueOn, dueAt }: Pick<Task, 'dueOn' | 'dueAt'>, property: PropertyFacts, now: Date): string | null {
  if (dueOn === null && dueAt === null) return null;
  const dueBy = dueOn === null ? new Date(dueAt!) : endOfBusinessDay(dueOn, property);
  const ahead = dueBy.getTime() - now.getTime();
  if (!(ahead > -MOST_AGO_MS && ahead < MOST_AHEAD_MS))
    throw refuse('due-out-of-range', 'Let it be due from a year ago to five years from now.', [
      { pointer: dueOn === null ? '/dueAt' : '/dueOn', detail: 'is out of range' },
    ]);
  return dueBy.toISOString();
}

/** The task with the moment of its reminder: none for what is finished or should be by now. */
function withReminder(task: Task, now: Date): Task {
  const { dueBy, remindMinutesBefore: minutes } = task;
  const isUseful = dueBy !== null && minutes !== null && !isFinished(task) && Date.parse(dueBy) > now.getTime();
  return { ...task, remindAt: isUseful ? new Date(Date.parse(dueBy) - minutes * 60_000).toISOString() : null };
}

/** The task with the rule of its series, and with the day of the next. */
function withRule(task: Task, rule: Recurrence | null, property: PropertyFacts): Task {
  if (rule === null) return { ...task, recurrence: null, nextOn: null, nextAt: null };
  if (task.dueOn === null)
    throw refuse('recurrence-without-day', 'Give it a business day with dueOn.', [
      { pointer: '/dueOn', detail: 'is missing for a task that comes again' },
    ]);
  const begun = task.recurrence ? {} : { seriesId: uuidv7(), occurrence: 1 };
  const recurring = { ...task, ...begun, recurrence: withDays(rule, task.dueOn) };
  const nextOn = nextDay(recurring.recurrence, task.dueOn, recurring.occurrence!);
  const nextAt = nextOn === null ? null : startOfBusinessDay(nextOn, property).toISOString();
  return { ...recurring, nextOn, nextAt };
}

const newItem = (text: string): ChecklistItem => ({ id: uuidv7(), text, isDone: false, doneBy: null, doneAt: null });

/** A new task. */
export function createTask(input: TaskInput, property: PropertyFacts, by: Principal, now: Date): Task {
  const due = { dueOn: input.dueOn ?? null, dueAt: input.dueAt ? new Date(input.dueAt).toISOString() : null };
  const task: Task = {
    taskId: uuidv7(),
    propertyId: property.id,
    title: input.title,
    description: input.description ?? null,
    status: 'open',
    priority: input.priority,
    assigneeId: input.assigneeId ?? null,
    ...due,
    dueBy: dueByOf(due, property, now),
    remindMinutesBefore: input.remindMinutesBefore ?? null,
    checklist: input.checklist.map(newItem),
    recurrence: null,
    seriesId: null,
    occurrence: null,
    nextOn: null,
    createdBy: by.userId,
    createdAt: now.toISOString(),
    finishedAt: null,
    remindAt: null,
    nextAt: null,
  };
  return withReminder(withRule(task, input.recurrence ?? null, property), now);
}

function changedItems({ checklist }: Task, wanted: NonNullable<TaskChanges['checklist']>): readonly ChecklistItem[] {
  return wanted.map(({ id, text }, index) => {
    const known = checklist.find((item) => item.id === id);
    const isTwice = id !== undefined && wanted.findIndex((item) => item.id === id) < index;
    if (id && (!known || isTwice))
      throw refuse('checklist-item-unknown', 'Leave out the id of an item that is new.', [
        { pointer: `/checklist/${index}/id`, detail: isTwice ? 'is there already' : 'is no item of the task' },
      ]);
    return known ? { ...known, text } : newItem(text);
  });
}

/** The task with other particulars; undefined if they are none. */
export function changeTask(task: Task, changes: TaskChanges, property: PropertyFacts, now: Date): Task | undefined {
  assertUnfinished(task);
  const { checklist, recurrence: rule, dueOn, dueAt, ...particulars } = changes;
  const due = {
    // A day takes the place of a moment, and the other way round.
    dueOn: dueOn === undefined ? (dueAt ? null : task.dueOn) : dueOn,
    dueAt: dueAt === undefined ? (dueOn ? null : task.dueAt) : dueAt && new Date(dueAt).toISOString(),
  };
  const isDueOtherwise = due.dueOn !== task.dueOn || due.dueAt !== task.dueAt;
  const dueBy = isDueOtherwise ? dueByOf(due, property, now) : task.dueBy;
  let changed: Task = { ...task, ...particulars, ...due, dueBy };
  if (checklist) changed = { ...changed, checklist: changedItems(task, checklist) };
  if (rule !== undefined || (isDueOtherwise && task.recurrence))
    changed = withRule(changed, rule === undefined ? task.recurrence : rule, property);
  if (isDueOtherwise || changed.remindMinutesBefore !== task.remindMinutesBefore) changed = withReminder(changed, now);
  return JSON.stringify(changed) === JSON.stringify(task) ? undefined : changed;
}

/** Which members of a task are others than before, as clients call them. */
export function changedMembers(before: Task, after: Task): string[] {
  const [old, now] = [taskView(before), taskView(after)];
  return (Object.keys(now) as (keyof TaskView)[]).filter(
    (name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]),
  );
}

/** The task in another status; undefined if it has that one. */
export function moveTask(task: Task, status: TaskStatus, now: Date): Task | undefined {
  if (task.status === status) return undefined;
  const allowed = transitions[task.status];
  if (!allowed.includes(status))
    throw refuse(
      'task-status-transition',
      `It is ${task.status}; from there it goes to ${allowed.join(' or ')}.`,
      undefined,
      {
        from: task.status,
        allowed,
      },
    );
  const moved = { ...task, status };
  // A reminder that was sent is not sent again; one of a task that was finished meanwhile is due anew when it is opened.
  if (isFinished(moved)) return { ...moved, finishedAt: now.toISOString(), remindAt: null };
  return isFinished(task) ? withReminder({ ...moved, finishedAt: null }, now) : moved;
}

/** The task as somebody else's, or nobody's; undefined if it is theirs. */
export function assignTask(task: Task, assigneeId: number | null): Task | undefined {
  if (task.assigneeId === assigneeId) return undefined;
  assertUnfinished(task);
  return { ...task, assigneeId };
}

/** The task with an item ticked or not; undefined if it is so. */
export function tickItem(task: Task, itemId: string, isDone: boolean, by: Principal, now: Date): Task | undefined {
  if (task.checklist.find(({ id }) => id === itemId)?.isDone === isDone) return undefined;
  assertUnfinished(task);
  const ticked = isDone ? { doneBy: by.userId, doneAt: now.toISOString() } : { doneBy: null, doneAt: null };
  const checklist = task.checklist.map((item) => (item.id === itemId ? { ...item, isDone, ...ticked } : item));
  return { ...task, checklist };
}

/**
 * The next task of a series, and the one before it without the rule: it is handed on, so that nothing is made twice. The assignee is
 * handed on while they may do it.
 */
export function comeAgain(
  task: Task,
  assigneeId: number | null,
  property: PropertyFacts,
  now: Date,
): { passed: Task; next: Task } {
  const passed = { ...task, recurrence: null, nextOn: null, nextAt: null };
  const due = { dueOn: task.nextOn, dueAt: null };
  const fresh: Task = {
    ...task,
    ...due,
    taskId: uuidv7(),
    status: 'open',
    assigneeId,
    dueBy: endOfBusinessDay(task.nextOn!, property).toISOString(),
    checklist: task.checklist.map(({ text }) => newItem(text)),
    occurrence: task.occurrence! + 1,
    createdAt: now.toISOString(),
    finishedAt: null,
  };
  return { passed, next: withReminder(withRule(fresh, task.recurrence, property), now) };
}

/** What events carry of a task. */
export const snapshotOf = (task: Task): TaskSnapshot => ({
  taskId: task.taskId,
  propertyId: task.propertyId,
  title: task.title,
  status: task.status,
  priority: task.priority,
  assigneeId: task.assigneeId,
  dueOn: task.dueOn,
  dueBy: task.dueBy,
  seriesId: task.seriesId,
  occurrence: task.occurrence,
  itemCount: task.checklist.length,
  itemsDone: task.checklist.filter(({ isDone }) => isDone).length,
});

/** A task as clients see it. */
export const taskView = ({ taskId, remindAt: _r, nextAt: _n, ...rest }: Task): TaskView => ({ id: taskId, ...rest });
