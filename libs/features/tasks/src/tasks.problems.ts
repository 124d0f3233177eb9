import { DomainError, type FieldError, defineProblems } from '@innkeep/contracts';
import { httpProblems } from '@innkeep/platform/http';

export const tasksProblems = defineProblems({
  'task-status-transition': [409, 'The task cannot go to this status from the one it has'],
  'task-finished': [409, 'The task is done or cancelled'],
  'checklist-item-unknown': [422, 'An id in the checklist names no item, or one a second time'],
  'assignee-unknown': [422, 'The assignee is nobody who can see the property'],
  'due-out-of-range': [422, 'The task would be due too long ago or too far ahead'],
  'recurrence-without-day': [422, 'A task that comes again is due on a day'],
});

const refusals = { ...httpProblems, ...tasksProblems };

/** A refusal, and where in the request it lies. */
export const refuse = (
  name: keyof typeof refusals,
  detail: string,
  errors?: readonly FieldError[],
  members?: Readonly<Record<string, unknown>>,
) => new DomainError(refusals[name], detail, { errors, members });
