import { TaskCreated, TaskStatusChanged, taskStatuses } from '@innkeep/contracts';
import { rawSql, sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

const columns = taskStatuses.map((status) => ({ status, column: status.replaceAll('-', '_') }));
const names = rawSql(columns.map(({ column }) => column).join(', '));
const sums = rawSql(
  columns
    .map(({ status, column }) => `coalesce(sum(change) filter (where status = '${status}'), 0) as ${column}`)
    .join(', '),
);
const added = rawSql(columns.map(({ column }) => `${column} = c.${column} + excluded.${column}`).join(', '));

/** How many tasks each property has in each status: an event takes one from a status and adds one to another. */
export const propertyCounts = defineProjection({
  name: 'tasks_property_counts',
  version: 1,
  events: [TaskCreated, TaskStatusChanged],
  table: 'tasks.property_counts',
  fold: (batch, table) => sql`
    insert into ${table} as c (bucket, organization_id, property_id, ${names})
    select bucket, organization_id, property_id, ${sums}
    from (
      select bucket, organization_id, (data->>'propertyId')::bigint as property_id, data->>'status' as status, 1 as change
      from ${batch} e where type in ('TaskCreated', 'TaskStatusChanged')
      union all
      select bucket, organization_id, (data->>'propertyId')::bigint, data->>'previousStatus', -1 from ${batch} e where type = 'TaskStatusChanged'
    ) changes
    group by bucket, organization_id, property_id
    on conflict (bucket, organization_id, property_id) do update set ${added}`,
});
