import { taskPriorities, taskStatuses } from '@innkeep/contracts';
import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';
import { recurrence } from './recurrence';

/** One thing to tick off. */
export const checklistItem = z.object({
  id: shapes.uuidId,
  text: shapes.text('Change the towels'),
  isDone: z.boolean(),
  doneBy: shapes.numericId.nullable().meta({ example: null }),
  doneAt: shapes.instant.nullable().meta({ example: null }),
});
export type ChecklistItem = Readonly<z.output<typeof checklistItem>>;

const particulars = {
  id: shapes.uuidId,
  propertyId: shapes.numericId,
  title: shapes.text('Get room 12 ready'),
  description: shapes.text('The guests arrive at three.').nullable(),
  status: z.enum(taskStatuses),
  priority: z.enum(taskPriorities),
  assigneeId: shapes.numericId.nullable(),
  dueOn: shapes.day.nullable().describe('The business day of the property on which it is due'),
  dueAt: shapes.instant.nullable().describe('The moment at which it is due, if not a day').meta({ example: null }),
  dueBy: shapes.instant.nullable().describe('From when on it is overdue: that moment, or the end of that day'),
  remindMinutesBefore: z
    .int()
    .nullable()
    .describe('How long before dueBy the assignee is reminded')
    .meta({ example: 60 }),
  checklist: z.array(checklistItem).readonly(),
  recurrence: recurrence.nullable().describe('Only the latest task of a series has it'),
  seriesId: shapes.uuidId.nullable().describe('What the tasks of a series have in common'),
  occurrence: z.int().min(1).nullable().describe('Which of the series it is').meta({ example: 1 }),
  nextOn: shapes.day.nullable().describe('The business day on which the next of the series is made, and due'),
  createdBy: shapes.numericId,
  createdAt: shapes.instant,
  finishedAt: shapes.instant.nullable().describe('When it was done or cancelled').meta({ example: null }),
};

/** A task as clients see it. */
export const taskAnswer = z.object(particulars).meta({ id: 'Task' });
export type TaskView = Readonly<z.output<typeof taskAnswer>>;

/** A task in lists, whose entries have no ETag. */
export const listedTask = z
  .object({ ...particulars, version: z.int().min(1).meta({ example: 42 }) })
  .meta({ id: 'ListedTask' });

/** A comment as clients see it. */
export const commentAnswer = z
  .object({
    id: shapes.uuidId,
    taskId: shapes.uuidId,
    authorId: shapes.numericId,
    text: shapes.text('The lamp on the left is still dark.'),
    writtenAt: shapes.instant,
  })
  .meta({ id: 'TaskComment' });
export type CommentView = Readonly<z.output<typeof commentAnswer>>;
