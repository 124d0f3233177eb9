import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import type { LeaveHad } from './leave-balance';
import type { LeaveRequest } from './leave-request';
import type { LeaveType } from './leave-type';
import { leaveHad } from './leave-had.sql';

interface RequestRow {
  id: string;
  user_id: string;
  property_id: string;
  leave_type_id: string;
  from_on: string;
  to_on: string;
  starts_at_noon: boolean;
  ends_at_noon: boolean;
  half_days: number;
  months: LeaveRequest['months'];
  status: LeaveRequest['status'];
  requested_by: string;
}

const toRequest = (row: RequestRow): LeaveRequest => ({
  leaveRequestId: row.id,
  userId: Number(row.user_id),
  propertyId: Number(row.property_id),
  leaveTypeId: row.leave_type_id,
  from: row.from_on,
  to: row.to_on,
  startsAtNoon: row.starts_at_noon,
  endsAtNoon: row.ends_at_noon,
  halfDays: row.half_days,
  months: row.months,
  status: row.status,
  requestedBy: Number(row.requested_by),
});

const columns = `id, user_id, property_id, leave_type_id, from_on::text as from_on, to_on::text as to_on, starts_at_noon, ends_at_noon, half_days,
  months, status, requested_by`;

/** What the balance of a person and a leave is made of. */
export interface BalanceParts {
  readonly had: LeaveHad[];
  /** Unknown of whom the read model has not heard yet. */
  readonly joinedOn: string | undefined;
}

/** Load with lock, and save, of leave requests and grants. */
@Injectable()
export class LeaveStore {
  /** A request, locked to the end of the unit of work. */
  async load(unit: OrganizationTransaction, id: string): Promise<LeaveRequest | undefined> {
    const rows = await unit.query<RequestRow>(
      `select ${columns} from staff.leave_requests where bucket = $1 and organization_id = $2 and id = $3 for no key update`,
      [unit.bucket, unit.organizationId, id],
    );
    return rows[0] && toRequest(rows[0]);
  }

  /** What a person has asked for or may take around these days. */
  async findAround(unit: OrganizationTransaction, userId: number, from: string, to: string): Promise<LeaveRequest[]> {
    const rows = await unit.query<RequestRow>(
      `select ${columns} from staff.leave_requests where bucket = $1 and organization_id = $2 and user_id = $3
         and status in ('pending', 'approved') and from_on <= $5::date and to_on >= $4::date order by from_on`,
      [unit.bucket, unit.organizationId, userId, from, to],
    );
    return rows.map(toRequest);
  }

  /** What the balance of a person is made of, as far as the write model knows; to be asked behind the lock of the person. */
  async balanceParts(unit: OrganizationTransaction, userId: number, type: LeaveType): Promise<BalanceParts> {
    const had = await unit.query<LeaveHad>(leaveHad(unit, userId, type.leaveTypeId));
    const [person] = await unit.query<{ joinedOn: string }>(
      `select joined_on::text as "joinedOn" from staff.people where bucket = $1 and organization_id = $2 and user_id = $3`,
      [unit.bucket, unit.organizationId, userId],
    );
    return { had, joinedOn: person?.joinedOn };
  }

  add(unit: OrganizationTransaction, request: LeaveRequest): void {
    unit.write(sql`
      insert into staff.leave_requests (bucket, organization_id, id, user_id, property_id, leave_type_id, from_on, to_on, starts_at_noon, ends_at_noon,
        half_days, months, status, requested_by, version)
      values (${unit.bucket}, ${unit.organizationId}, ${request.leaveRequestId}, ${request.userId}, ${request.propertyId}, ${request.leaveTypeId},
        ${request.from}, ${request.to}, ${request.startsAtNoon}, ${request.endsAtNoon}, ${request.halfDays}, ${JSON.stringify(request.months)},
        ${request.status}, ${request.requestedBy}, (select version from head))`);
  }

  decide(unit: OrganizationTransaction, { leaveRequestId, status }: LeaveRequest, decidedBy: number): void {
    unit.write(sql`
      update staff.leave_requests set status = ${status}, decided_by = ${decidedBy}, version = (select version from head)
      where bucket = ${unit.bucket} and organization_id = ${unit.organizationId} and id = ${leaveRequestId}`);
  }

  grant(unit: OrganizationTransaction, grant: LeaveGrant): void {
    unit.write(sql`
      insert into staff.leave_grants (bucket, organization_id, id, user_id, leave_type_id, year, half_days, granted_by, version)
      values (${unit.bucket}, ${unit.organizationId}, ${grant.grantId}, ${grant.userId}, ${grant.leaveTypeId}, ${grant.year}, ${grant.halfDays},
        ${grant.grantedBy}, (select version from head))`);
  }
}

/** More or less of a leave in a year, for one person. */
export interface LeaveGrant {
  readonly grantId: string;
  readonly userId: number;
  readonly leaveTypeId: string;
  readonly year: number;
  readonly halfDays: number;
  readonly grantedBy: number;
}
