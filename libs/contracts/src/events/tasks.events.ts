import { z } from 'zod';
import { taskPriorities, taskStatuses } from '../task-words';
import { defineEvent } from './define-event';

/**
 * A task as it stands after the event. What people wrote at length, its description and the texts of its checklist, is not in it:
 * read models need none of it, and whoever is told of the event can read the task.
 */
export const taskSnapshot = z.object({
  taskId: z.string(),
  propertyId: z.number(),
  title: z.string(),
  status: z.enum(taskStatuses),
  priority: z.enum(taskPriorities),
  assigneeId: z.number().nullable(),
  /** The business day on which it is due, if it was given as one. */
  dueOn: z.string().nullable(),
  /** The moment at which it is overdue: the one given, or the end of that business day. */
  dueBy: z.string().nullable(),
  seriesId: z.string().nullable(),
  occurrence: z.number().nullable(),
  itemCount: z.number(),
  itemsDone: z.number(),
});
export type TaskSnapshot = z.infer<typeof taskSnapshot>;

export const TaskCreated = defineEvent('TaskCreated', 1, taskSnapshot);
/** `changed` names the members of the task that are others now. */
export const TaskChanged = defineEvent('TaskChanged', 1, taskSnapshot.extend({ changed: z.array(z.string()) }));
export const TaskAssigned = defineEvent(
  'TaskAssigned',
  1,
  taskSnapshot.extend({ previousAssigneeId: z.number().nullable() }),
);
export const TaskStatusChanged = defineEvent(
  'TaskStatusChanged',
  1,
  taskSnapshot.extend({ previousStatus: z.enum(taskStatuses) }),
);
export const TaskItemTicked = defineEvent(
  'TaskItemTicked',
  1,
  taskSnapshot.extend({ itemId: z.string(), isDone: z.boolean() }),
);

/** Somebody said something about a task. The words are with the comment and not in the log. */
export const TaskCommented = defineEvent(
  'TaskCommented',
  1,
  z.object({ taskId: z.string(), propertyId: z.number(), commentId: z.string() }),
);

/** The time had come at which whoever does the task wants to be reminded. */
export const TaskReminded = defineEvent(
  'TaskReminded',
  1,
  z.object({ taskId: z.string(), propertyId: z.number(), assigneeId: z.number().nullable(), dueBy: z.string() }),
);
