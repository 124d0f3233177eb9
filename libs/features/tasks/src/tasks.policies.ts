import { type MemberFacts, type Principal, type PropertyFacts, maySeeProperty } from '@innkeep/contracts';
import { forbidden, notFound } from '@innkeep/platform/http';
import type { Task } from './task';
import { refuse } from './tasks.problems';

/** Members see the tasks of their properties; another's is as absent as one that does not exist. */
export function assertMaySee(principal: Principal, task: Task | undefined): asserts task is Task {
  if (!task || !maySeeProperty(principal, task.propertyId)) throw notFound('task');
}

/** The property that a task is to be done in, if the member may see it. */
export function propertyFor(
  principal: Principal,
  properties: ReadonlyMap<number, PropertyFacts>,
  propertyId: number,
): PropertyFacts {
  const property = maySeeProperty(principal, propertyId) ? properties.get(propertyId) : undefined;
  if (!property)
    throw refuse('property-unknown', 'Use the id of a property that GET /v1/properties lists.', [
      { pointer: '/propertyId', detail: 'is not a property you can see' },
    ]);
  return property;
}

const isTheirs = ({ userId }: Principal, { createdBy, assigneeId }: Task) =>
  createdBy === userId || assigneeId === userId;

/** Staff change the tasks that they created or that are theirs to do; owners and managers change anybody's. */
export function assertMayChange(principal: Principal, task: Task): void {
  if (principal.role === 'staff' && !isTheirs(principal, task))
    throw forbidden('Only who created it, who is to do it, a manager or an owner may change it.');
}

/** What is nobody's yet anybody may take. */
export function assertMayAssign(principal: Principal, task: Task, assigneeId: number | null): void {
  if (task.assigneeId === null && assigneeId === principal.userId) return;
  assertMayChange(principal, task);
}

/** Whether somebody may be given tasks of a property: members who can sign in, see it, and may change something in it. */
export const mayDoTasks = (member: MemberFacts | undefined, propertyId: number): boolean =>
  member !== undefined &&
  member.role !== 'auditor' &&
  (member.properties === 'all' || member.properties.includes(propertyId));

export function assertAssignable(member: MemberFacts | undefined, propertyId: number): void {
  if (!mayDoTasks(member, propertyId))
    throw refuse('assignee-unknown', 'Assign it to an owner, a manager or staff who look after the property.', [
      { pointer: '/assigneeId', detail: 'is nobody who can do tasks of the property' },
    ]);
}

/** Refuses a change that was decided on by looking at an older version. */
export function assertVersion({ version }: { readonly version: number }, ifVersion: number | undefined): void {
  if (ifVersion !== undefined && ifVersion !== version)
    throw refuse('precondition-failed', 'Read it again and repeat the change on what you see.');
}
