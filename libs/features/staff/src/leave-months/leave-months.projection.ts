import { LeaveApproved, LeaveCancelled, SubjectErased } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** How many half-days of which leave each person has in each month: what was approved, less what was cancelled after that. */
export const leaveMonths = defineProjection({
  name: 'staff_leave_months',
  version: 1,
  events: [LeaveApproved, LeaveCancelled, SubjectErased],
  table: 'staff.leave_months',
  fold: (batch, table) => sql`
    insert into ${table} as m (bucket, organization_id, month, property_id, user_id, leave_type_id, half_days)
    select bucket, organization_id, part->>'month', (data->>'propertyId')::bigint, (data->>'userId')::bigint, (data->>'leaveTypeId')::uuid,
      sum((part->>'halfDays')::integer * case type when 'LeaveApproved' then 1 else -1 end)
    from ${batch} e cross join lateral jsonb_array_elements(data->'months') part
    where type = 'LeaveApproved' or type = 'LeaveCancelled' and (data->>'wasApproved')::boolean
    group by 1, 2, 3, 4, 5, 6
    on conflict (bucket, organization_id, month, property_id, user_id, leave_type_id) do update set half_days = m.half_days + excluded.half_days`,
});
