import { type PropertyScope, type Sql as PortSql, type TaskCounts, TaskPort } from '@innkeep/contracts';
import { type OrganizationTransaction, type Sql, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import type { Task } from './task';
import type { CommentView } from './task.answers';
import { loadedTaskJson } from './task.sql';

export interface LoadedTask {
  readonly task: Task;
  readonly version: number;
}

const recordset = (task: Task): Sql => sql`
  jsonb_to_recordset(${JSON.stringify([task])}::jsonb) as s("taskId" uuid, "propertyId" bigint, title text, description text, status text,
    priority text, "assigneeId" bigint, "dueOn" date, "dueAt" timestamptz, "dueBy" timestamptz, "remindMinutesBefore" integer,
    "remindAt" timestamptz, checklist jsonb, recurrence jsonb, "seriesId" uuid, occurrence integer, "nextOn" date, "nextAt" timestamptz,
    "createdBy" bigint, "createdAt" timestamptz, "finishedAt" timestamptz)`;

/** Load with lock, and save, of the write model. All saves ride on the last statement of the unit of work. */
@Injectable()
export class TaskStore {
  /** The task, locked to the end of the unit of work. */
  async load(unit: OrganizationTransaction, id: string): Promise<LoadedTask | undefined> {
    const [row] = await unit.query<{ task: Task; version: string }>(sql`
      select ${loadedTaskJson} as task, t.version from tasks.tasks t
      where t.bucket = ${unit.bucket} and t.organization_id = ${unit.organizationId} and t.id = ${id}::uuid
      for no key update`);
    return row && { task: row.task, version: Number(row.version) };
  }

  /** Adds a task; its event is the last of the unit of work. */
  add(unit: OrganizationTransaction, task: Task): void {
    unit.write(sql`
      insert into tasks.tasks (bucket, organization_id, id, property_id, title, description, status, priority, assignee_id, due_on, due_at, due_by,
        remind_minutes, remind_at, checklist, recurrence, series_id, occurrence, next_on, next_at, created_by, created_at, finished_at, version)
      select ${unit.bucket}::smallint, ${unit.organizationId}::bigint, s."taskId", s."propertyId", s.title, s.description, s.status, s.priority,
        s."assigneeId", s."dueOn", s."dueAt", s."dueBy", s."remindMinutesBefore", s."remindAt", s.checklist, s.recurrence, s."seriesId", s.occurrence,
        s."nextOn", s."nextAt", s."createdBy", s."createdAt", s."finishedAt", head.version
      from head, ${recordset(task)}`);
  }

  /** Saves a changed task. `behind` says how many events of the unit of work come after its own. */
  save(unit: OrganizationTransaction, task: Task, behind = 0): void {
    unit.write(sql`
      update tasks.tasks t set title = s.title, description = s.description, status = s.status, priority = s.priority, assignee_id = s."assigneeId",
        due_on = s."dueOn", due_at = s."dueAt", due_by = s."dueBy", remind_minutes = s."remindMinutesBefore", remind_at = s."remindAt",
        checklist = s.checklist, recurrence = s.recurrence, series_id = s."seriesId", occurrence = s.occurrence, next_on = s."nextOn",
        next_at = s."nextAt", finished_at = s."finishedAt", version = head.version - ${behind}::int
      from head, ${recordset(task)}
      where t.bucket = ${unit.bucket} and t.organization_id = ${unit.organizationId} and t.id = s."taskId"`);
  }

  addComment(unit: OrganizationTransaction, { id, taskId, authorId, text, writtenAt }: CommentView): void {
    unit.write(sql`
      insert into tasks.comments (bucket, organization_id, task_id, id, author_id, text, written_at, version)
      values (${unit.bucket}, ${unit.organizationId}, ${taskId}, ${id}, ${authorId}, ${text}, ${writtenAt}, (select version from head))`);
  }
}

/** What other features may ask about tasks, inside their own snapshot. */
@Injectable()
export class TaskAnswers extends TaskPort {
  async counts(port: PortSql, userId: number, properties: PropertyScope, now: Date): Promise<TaskCounts> {
    const [row] = await port.query<TaskCounts>(
      `select (count(*) filter (where assignee_id = $3))::int as mine,
         (count(*) filter (where assignee_id = $3 and due_by <= $4))::int as "mineOverdue",
         (count(*) filter (where assignee_id is null))::int as unassigned
       from tasks.tasks
       where bucket = $1 and organization_id = $2 and status not in ('done', 'cancelled')
         and ($5::bigint[] is null or property_id = any ($5)) and (assignee_id = $3 or assignee_id is null)`,
      [port.bucket, port.organizationId, userId, now, properties === 'all' ? null : properties],
    );
    return row!;
  }
}
