import { label, prose, taskPriorities } from '@innkeep/contracts';
import { holding } from '@innkeep/platform/http';
import { z } from 'zod';
import { recurrence } from './recurrence';

const MOST_ITEMS = 50;
const MONTH_MINUTES = 31 * 24 * 60;

const title = label(200).describe('What is to be done');
const description = prose(4_000);
const priority = z.enum(taskPriorities);
const itemText = label(200);
const dueOn = z.iso.date().describe('The business day on which it is due');
const dueAt = z.iso.datetime({ offset: true }).describe('The moment at which it is due');
const remindMinutesBefore = z
  .int()
  .min(5)
  .max(MONTH_MINUTES)
  .describe('How long before it is due the assignee is reminded');

/** The id of a user in a body. */
export const assigneeId = z.int().min(1).max(Number.MAX_SAFE_INTEGER).describe('Who is to do it');

interface Due {
  readonly dueOn?: string | null;
  readonly dueAt?: string | null;
}
const isDueOnce = ({ dueOn: day, dueAt: moment }: Due) => !day || !moment;
const dueTwice = { path: ['dueAt'], error: 'and dueOn exclude each other' };

/** What a task is made with. */
export const taskInput = z
  .strictObject({
    propertyId: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
    title,
    description: description.optional(),
    priority: priority.default('normal'),
    assigneeId: assigneeId.optional(),
    dueOn: dueOn.optional(),
    dueAt: dueAt.optional(),
    remindMinutesBefore: remindMinutesBefore.optional(),
    checklist: z.array(itemText).max(MOST_ITEMS).default([]),
    recurrence: recurrence.optional(),
  })
  .refine(isDueOnce, dueTwice)
  .meta({ not: holding(['dueOn', 'dueAt']) });
export type TaskInput = z.output<typeof taskInput>;

/** What of a task can be changed without a route of its own. */
export const taskChanges = z
  .strictObject({
    title,
    description: description.nullable(),
    priority,
    dueOn: dueOn.nullable(),
    dueAt: dueAt.nullable(),
    remindMinutesBefore: remindMinutesBefore.nullable(),
    checklist: z
      .array(z.strictObject({ id: z.uuid().optional().describe('Of an item that stays'), text: itemText }))
      .max(MOST_ITEMS)
      .describe('All items in their order; those that are not named are gone'),
    recurrence: recurrence.nullable(),
  })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, 'names nothing to change')
  .refine(isDueOnce, dueTwice)
  .meta({
    minProperties: 1,
    not: holding(['dueOn', 'dueAt'], { dueOn: { type: 'string' }, dueAt: { type: 'string' } }),
  });
export type TaskChanges = z.output<typeof taskChanges>;
