import { type Sql, sql } from '@innkeep/platform/database';

interface Organization {
  readonly bucket: number;
  readonly organizationId: number;
}

/** What a person has had of one leave, or of every leave, by the month in which it begins: granted, taken and asked for, in half-days. */
export const leaveHad = ({ bucket, organizationId }: Organization, userId: number, leaveTypeId?: string): Sql => sql`
  select leave_type_id as "leaveTypeId", year, month, sum(granted)::int as granted, sum(taken)::int as taken, sum(pending)::int as pending from (
    select leave_type_id, year::int as year, 1 as month, half_days as granted, 0 as taken, 0 as pending from staff.leave_grants
    where bucket = ${bucket} and organization_id = ${organizationId} and user_id = ${userId}
    union all
    select leave_type_id, extract(year from from_on)::int, extract(month from from_on)::int,
      0, case status when 'approved' then half_days else 0 end, case status when 'pending' then half_days else 0 end
    from staff.leave_requests
    where bucket = ${bucket} and organization_id = ${organizationId} and user_id = ${userId} and status in ('pending', 'approved')
  ) had
  where ${leaveTypeId === undefined ? sql`true` : sql`leave_type_id = ${leaveTypeId}::uuid`}
  group by leave_type_id, year, month`;
