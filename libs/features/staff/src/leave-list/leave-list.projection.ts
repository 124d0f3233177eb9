import { LeaveApproved, LeaveCancelled, LeaveRejected, LeaveRequested, SubjectErased } from '@innkeep/contracts';
import { defineProjection } from '@innkeep/platform/events';
import { foldRequests } from '../request-list.sql';

/** Leave requests, with the words of people. */
export const leaveList = defineProjection({
  name: 'staff_leave_list',
  version: 1,
  events: [LeaveRequested, LeaveApproved, LeaveRejected, LeaveCancelled, SubjectErased],
  table: 'staff.leave_list',
  fold: (batch, table) =>
    foldRequests(batch, table, {
      member: 'leaveRequestId',
      column: 'leave_request_id',
      requested: 'LeaveRequested',
      decisions: { LeaveApproved: 'approved', LeaveRejected: 'rejected', LeaveCancelled: 'cancelled' },
      columns: {
        leave_type_id: `(data->>'leaveTypeId')::uuid`,
        from_on: `(data->>'from')::date`,
        to_on: `(data->>'to')::date`,
        starts_at_noon: `(data->>'startsAtNoon')::boolean`,
        ends_at_noon: `(data->>'endsAtNoon')::boolean`,
        half_days: `(data->>'halfDays')::integer`,
      },
    }),
});
