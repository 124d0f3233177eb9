import { TaskAssigned, TaskChanged, TaskCreated, TaskStatusChanged } from '@innkeep/contracts';
import { rawSql, sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

const isFinished = rawSql(`data->>'status' in ('done', 'cancelled')`);

/**
 * What is neither done nor cancelled, one row for each task. Only the last event of each task in the batch decides: statements inside
 * one statement do not see each other's rows, so one that were inserted and deleted here would stay.
 */
export const unfinishedTasks = defineProjection({
  name: 'tasks_unfinished',
  version: 1,
  events: [TaskCreated, TaskChanged, TaskAssigned, TaskStatusChanged],
  table: 'tasks.unfinished_tasks',
  fold: (batch, table) => sql`
    with latest as materialized (
      select distinct on (bucket, organization_id, data->>'taskId') bucket, organization_id, (data->>'taskId')::uuid as task_id, version, data
      from ${batch} e where type in ('TaskCreated', 'TaskChanged', 'TaskAssigned', 'TaskStatusChanged')
      order by bucket, organization_id, data->>'taskId', version desc
    ),
    finished as (
      delete from ${table} u using latest l
      where (u.bucket, u.organization_id, u.task_id) = (l.bucket, l.organization_id, l.task_id) and ${isFinished}
    )
    insert into ${table} (bucket, organization_id, task_id, property_id, title, status, priority, assignee_id, due_by, version)
    select bucket, organization_id, task_id, (data->>'propertyId')::bigint, data->>'title', data->>'status', data->>'priority',
      (data->>'assigneeId')::bigint, (data->>'dueBy')::timestamptz, version
    from latest where not (${isFinished})
    on conflict (bucket, organization_id, task_id) do update
      set title = excluded.title, status = excluded.status, priority = excluded.priority, assignee_id = excluded.assignee_id,
          due_by = excluded.due_by, version = excluded.version`,
});
