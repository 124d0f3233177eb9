import {
  type Principal,
  type PropertyFacts,
  TaskCommented,
  TaskCreated,
  TaskItemTicked,
  TaskStatusChanged,
  addDays,
  maySeeProperty,
} from '@innkeep/contracts';
import { taskDecisions } from '@innkeep/features/tasks';
import { idAt } from './made-up-ids';
import { DAY_MS, HOUR_MS, type Making, dayText, workers } from './making';

const { createTask, moveTask, snapshotOf, tickItem } = taskDecisions;
type Task = taskDecisions.Task;

/** How far back tasks go, and how long before they are due they are made. */
const DAYS_AGO = 120;
const DAYS_BEFORE = 14;

const works = [
  ['Get the room ready', 'The guests arrive at three.', ['Change the towels', 'Look into the minibar']],
  ['Repair the lamp', null, []],
  ['Take stock of the linen', 'What is worn goes to the laundry for good.', ['Sheets', 'Towels', 'Covers']],
  ['Call the plumber', null, []],
  ['Check the fire extinguishers', null, ['Ground floor', 'First floor', 'Kitchen']],
] as const;
const fates = [
  ['done', 60],
  ['open', 15],
  ['in-progress', 10],
  ['blocked', 5],
  ['cancelled', 10],
] as const;
const priorities = [
  ['normal', 60],
  ['high', 20],
  ['low', 15],
  ['urgent', 5],
] as const;

/** Writes tasks, in the order in which they were made. */
export function writeTasks(making: Making): void {
  const { amounts, choices, properties, now } = making;
  for (let n = 0; n < amounts.tasks; n++) {
    const ago = DAYS_AGO * (1 - (n + choices.next()) / amounts.tasks) + 1;
    const property = properties[choices.between(0, properties.length - 1)]!;
    writeTask(making, property, Math.floor(now - ago * DAY_MS));
  }
}

function writeTask(making: Making, property: PropertyFacts, createdAt: number): void {
  const { choices, log, team } = making;
  const about = { propertyId: property.id };
  const assignee = chooseAssignee(making, property);
  const doer = assignee ?? team.manager;
  let task = newTask(making, property, createdAt, assignee);
  const aboutTask = { ...about, entityId: task.taskId };
  let version = log.record('task', TaskCreated(snapshotOf(task), aboutTask), team.manager.userId);
  const tick = (itemId: string, hours: number) => {
    task = tickItem(task, itemId, true, doer, new Date(createdAt + hours * HOUR_MS))!;
    version = log.record('task', TaskItemTicked({ ...snapshotOf(task), itemId, isDone: true }, aboutTask), doer.userId);
  };
  const fate = choices.weighted(fates);
  if (task.checklist.length > 0 && (fate === 'done' || fate === 'in-progress')) tick(task.checklist[0]!.id, 2);
  const moved = moveTask(task, fate, new Date(createdAt + choices.between(3, 20) * HOUR_MS));
  if (moved) {
    const event = TaskStatusChanged({ ...snapshotOf(moved), previousStatus: task.status }, aboutTask);
    [task, version] = [moved, log.record('task', event, doer.userId)];
  }
  addRow(making, task, version);
  if (choices.happens(0.3)) writeComment(making, task, doer, createdAt + HOUR_MS);
}

/** Somebody who looks after the property, or nobody yet. */
function chooseAssignee(making: Making, property: PropertyFacts): Principal | undefined {
  if (making.choices.happens(0.2)) return undefined;
  const able = workers(making).filter((person) => maySeeProperty(person, property.id));
  return able[making.choices.between(0, able.length - 1)];
}

/** One as the product makes it, with ids that come from the seed. */
function newTask(making: Making, property: PropertyFacts, createdAt: number, assignee?: Principal): Task {
  const { choices, team } = making;
  const [title, description, items] = works[choices.between(0, works.length - 1)]!;
  const day = addDays(dayText(Math.floor(createdAt / DAY_MS)), choices.between(1, DAYS_BEFORE));
  const due = choices.weighted([
    [{ dueOn: day }, 60],
    [{ dueAt: `${day}T15:00:00Z` }, 20],
    [{}, 20],
  ]);
  const input = {
    ...{ propertyId: property.id, title, description: description ?? undefined, checklist: [...items] },
    ...{ priority: choices.weighted(priorities), assigneeId: assignee?.userId, ...due },
  };
  const task = createTask(input, property, team.manager, new Date(createdAt));
  const checklist = task.checklist.map((item) => ({ ...item, id: idAt(createdAt, making) }));
  return { ...task, taskId: idAt(createdAt, making), checklist };
}

function writeComment(making: Making, task: Task, author: Principal, at: number): void {
  const { tenant, log, rows } = making;
  const { taskId, propertyId } = task;
  const commentId = idAt(at, making);
  const event = TaskCommented({ taskId, propertyId, commentId }, { propertyId, entityId: taskId });
  const version = log.record('task', event, author.userId);
  rows.comments.add(
    ...[...tenant, taskId, commentId, author.userId, 'The key is at the desk.', new Date(at).toISOString(), version],
  );
}

function addRow({ tenant, rows }: Making, task: Task, version: number): void {
  rows.tasks.add(
    ...[...tenant, task.taskId, task.propertyId, task.title, task.description, task.status, task.priority],
    ...[task.assigneeId, task.dueOn, task.dueAt, task.dueBy, task.remindMinutesBefore, task.remindAt],
    ...[JSON.stringify(task.checklist), null, task.seriesId, task.occurrence, task.nextOn, task.nextAt],
    ...[task.createdBy, task.createdAt, task.finishedAt, version],
  );
}
