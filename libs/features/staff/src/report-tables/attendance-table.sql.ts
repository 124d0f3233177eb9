import { type Sql, sql } from '@innkeep/platform/database';
import type { ReportRange, ReportTable } from '@innkeep/platform/feature';
import { instantText, joinPeople } from '../staff.sql';

const ofRange = ({ bucket, organizationId, propertyId, from, to }: ReportRange): Sql => sql`
  from staff.attendance t ${joinPeople}
  where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.property_id = ${propertyId}
    and t.business_on between ${from}::date and ${to}::date`;

/** Each shift rounded by itself, so that the column comes to its total. */
const minutes = sql`round(t.worked_seconds / 60.0)::integer`;

/** The shifts of a property. Without where they were: that is forgotten in time, and a file is not. */
export const attendanceTable: ReportTable = {
  name: 'attendance',
  title: 'Attendance',
  columns: [
    { name: 'businessDay', title: 'Day', kind: 'day' },
    { name: 'userName', title: 'Person', kind: 'text' },
    { name: 'userId', title: 'Number', kind: 'text' },
    { name: 'startedAt', title: 'Began (UTC)', kind: 'instant' },
    { name: 'endedAt', title: 'Ended (UTC)', kind: 'instant' },
    { name: 'workedMinutes', title: 'Minutes', kind: 'count' },
    { name: 'lateMinutes', title: 'Late', kind: 'count' },
    { name: 'state', title: 'State', kind: 'text' },
    { name: 'id', title: 'Id', kind: 'text' },
  ],
  projections: ['staff_attendance', 'staff_people'],
  count: (range) => sql`select count(*) as count ${ofRange(range)}`,
  rows: (range) => sql`
    select json_build_object('businessDay', t.business_on, 'userName', p.name, 'userId', t.user_id::text, 'startedAt', ${instantText('t.started_at')},
      'endedAt', ${instantText('t.ended_at')}, 'workedMinutes', ${minutes}, 'lateMinutes', t.late_minutes,
      'state', case when t.is_corrected then 'corrected' when t.is_forgotten then 'forgotten' when t.ended_at is null then 'open' else 'ended' end,
      'id', t.shift_id) as row
    ${ofRange(range)} order by t.business_on, t.started_at, t.shift_id`,
  totals: (range) => sql`
    select json_build_object('workedMinutes', sum(${minutes}), 'lateMinutes', sum(t.late_minutes)) as row ${ofRange(range)} having count(*) > 0`,
};
