import { type Sql, rawSql, sql } from '@innkeep/platform/database';

/** An instant as clients see it: RFC 3339 in UTC with milliseconds, as JavaScript writes it. */
const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const members = `'propertyId', t.property_id, 'title', t.title, 'description', t.description, 'status', t.status, 'priority', t.priority,
  'assigneeId', t.assignee_id, 'dueOn', t.due_on, 'dueAt', ${instant('t.due_at')}, 'dueBy', ${instant('t.due_by')},
  'remindMinutesBefore', t.remind_minutes, 'checklist', t.checklist, 'recurrence', t.recurrence, 'seriesId', t.series_id, 'occurrence', t.occurrence,
  'nextOn', t.next_on, 'createdBy', t.created_by, 'createdAt', ${instant('t.created_at')}, 'finishedAt', ${instant('t.finished_at')}`;

/** A task as clients see it, from the row `t`: the same members in the same order as `taskView`. */
export const taskJson = rawSql(`json_build_object('id', t.id, ${members})`);

/** The same in lists. */
export const listedTaskJson = rawSql(`json_build_object('id', t.id, ${members}, 'version', t.version)`);

/** A task as commands load it, from the row `t`. */
export const loadedTaskJson = rawSql(
  `json_build_object('taskId', t.id, ${members}, 'remindAt', ${instant('t.remind_at')}, 'nextAt', ${instant('t.next_at')})`,
);

/** Whether a property that a filter names is one of the organization's; without one there is nothing to know. */
export const knownProperty = (bucket: number, organizationId: number, propertyId: number | undefined): Sql =>
  propertyId === undefined
    ? rawSql('true')
    : sql`exists (select from tasks.property_names where bucket = ${bucket} and organization_id = ${organizationId} and property_id = ${propertyId})`;

/** What is neither done nor cancelled, in the words of the index of it. */
export const isUnfinished = rawSql(`t.status not in ('done', 'cancelled')`);
