import { ShiftClosed, ShiftCorrected, ShiftEnded, ShiftStarted, SubjectErased } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/**
 * What each person worked in each property, by the month of the business day. Sums of what each event adds: a shift when it begins, its
 * hours when it ends, and with a correction what it is now less what it was. Hours belong to the organization and outlive names: nothing
 * in here is erased.
 */
export const attendanceMonths = defineProjection({
  name: 'staff_attendance_months',
  version: 1,
  events: [ShiftStarted, ShiftEnded, ShiftClosed, ShiftCorrected, SubjectErased],
  table: 'staff.attendance_months',
  fold: (batch, table) => sql`
    with told as (
      select bucket, organization_id, type, data, (data->>'userId')::bigint as user_id, (data->>'propertyId')::bigint as property_id from ${batch} e
      where type in ('ShiftStarted', 'ShiftEnded', 'ShiftClosed', 'ShiftCorrected')
    ), counted as (
      select bucket, organization_id, user_id, property_id, data as shift, 1 as sign, (type in ('ShiftStarted', 'ShiftCorrected'))::integer as begun,
        (type <> 'ShiftStarted')::integer as ended
      from told
      union all
      select bucket, organization_id, user_id, property_id, data->'before', -1, 1, 1
      from told where type = 'ShiftCorrected' and jsonb_typeof(data->'before') = 'object'
    )
    insert into ${table} as m (bucket, organization_id, month, property_id, user_id, shift_count, worked_seconds, late_count, forgotten_count)
    select bucket, organization_id, substr(shift->>'businessDay', 1, 7), property_id, user_id, sum(sign * begun),
      sum(sign * ended * (shift->>'workedSeconds')::bigint), sum(sign * begun * (coalesce((shift->>'lateMinutes')::integer, 0) > 0)::integer),
      sum(sign * ended * (shift->>'isForgotten')::boolean::integer)
    from counted group by 1, 2, 3, 4, 5
    on conflict (bucket, organization_id, month, property_id, user_id) do update set
      shift_count = m.shift_count + excluded.shift_count, worked_seconds = m.worked_seconds + excluded.worked_seconds,
      late_count = m.late_count + excluded.late_count, forgotten_count = m.forgotten_count + excluded.forgotten_count`,
});
