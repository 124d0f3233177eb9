import { type Sql, sql } from '@innkeep/platform/database';
import type { ReportRange, ReportTable } from '@innkeep/platform/feature';
import { instantText, joinPeople } from '../staff.sql';

const ofRange = ({ bucket, organizationId, propertyId, from, to }: ReportRange): Sql => sql`
  from staff.leave_list t ${joinPeople}
    left join staff.leave_types y on y.bucket = t.bucket and y.organization_id = t.organization_id and y.id = t.leave_type_id
  where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.property_id = ${propertyId}
    and t.from_on <= ${to}::date and t.to_on >= ${from}::date`;

/**
 * The leave requests of a property that touch a range, whatever was decided about them. Only the approved ones are in the totals. Why
 * somebody is away stays in the product: a file goes from hand to hand.
 */
export const leaveTable: ReportTable = {
  name: 'leave',
  title: 'Leave',
  columns: [
    { name: 'from', title: 'From', kind: 'day' },
    { name: 'to', title: 'To', kind: 'day' },
    { name: 'userName', title: 'Person', kind: 'text' },
    { name: 'userId', title: 'Number', kind: 'text' },
    { name: 'leaveType', title: 'Leave', kind: 'text' },
    { name: 'days', title: 'Days', kind: 'days' },
    { name: 'status', title: 'Status', kind: 'text' },
    { name: 'requestedAt', title: 'Asked for (UTC)', kind: 'instant' },
    { name: 'id', title: 'Id', kind: 'text' },
  ],
  projections: ['staff_leave_list', 'staff_people'],
  count: (range) => sql`select count(*) as count ${ofRange(range)}`,
  rows: (range) => sql`
    select json_build_object('from', t.from_on, 'to', t.to_on, 'userName', p.name, 'userId', t.user_id::text, 'leaveType', y.name,
      'days', t.half_days / 2.0, 'status', t.status, 'requestedAt', ${instantText('t.requested_at')}, 'id', t.leave_request_id) as row
    ${ofRange(range)} order by t.from_on, t.requested_version`,
  totals: (range) => sql`
    select json_build_object('status', 'approved', 'days', sum(t.half_days) / 2.0) as row
    ${ofRange(range)} and t.status = 'approved' having count(*) > 0`,
};
