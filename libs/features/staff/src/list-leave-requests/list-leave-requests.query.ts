import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { dayParameter, pageOf, pageParameters, propertyIdParameter } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { userIdParameter } from '../list-attendance/list-attendance.query';
import { listedLeave } from '../staff.answers';
import { type Sight, type StaffPage, joinPeople, listedLeaveJson, pageRow, seenRows } from '../staff.sql';

export const listLeaveRequestsQuery = z.strictObject({
  propertyId: propertyIdParameter.optional().describe('By default all properties that you see'),
  userId: userIdParameter.optional(),
  status: z
    .enum(['pending', 'approved', 'rejected', 'cancelled'])
    .optional()
    .describe('By default whatever was decided'),
  from: dayParameter.optional().describe('What ends on this day or later'),
  to: dayParameter.optional().describe('What begins on this day or earlier'),
  ...pageParameters,
});
export type LeaveFilter = z.output<typeof listLeaveRequestsQuery>;

export const leavePage = pageOf(listedLeave);
type Listed = z.output<typeof listedLeave>;

/** The leave requests that the caller may see, those asked for last first. */
export class ListLeaveRequests extends Query<Snapshot<StaffPage<Listed>>> {
  constructor(
    readonly sight: Sight,
    readonly filter: Pick<LeaveFilter, 'status' | 'from' | 'to' | 'limit'>,
    readonly after: readonly [version: number] | undefined,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(ListLeaveRequests)
export class ListLeaveRequestsHandler implements IQueryHandler<ListLeaveRequests> {
  constructor(private readonly reader: Reader) {}

  execute({ sight, filter, after, minPosition, tags }: ListLeaveRequests): Promise<Snapshot<StaffPage<Listed>>> {
    const { organizationId } = sight.principal;
    return this.reader.read(
      { organizationId, minPosition, tags, projections: ['staff_leave_list', 'staff_people', 'staff_property_names'] },
      ({ bucket }) =>
        pageRow(
          bucket,
          sight,
          sql`select ${listedLeaveJson} as body, json_build_array(t.requested_version) as key
            from staff.leave_list t ${joinPeople}
            where ${seenRows(bucket, sight)}
              ${filter.status === undefined ? sql`` : sql`and t.status = ${filter.status}`}
              ${filter.from === undefined ? sql`` : sql`and t.to_on >= ${filter.from}::date`}
              ${filter.to === undefined ? sql`` : sql`and t.from_on <= ${filter.to}::date`}
              ${after === undefined ? sql`` : sql`and t.requested_version < ${after[0]}`}
            order by t.requested_version desc limit ${filter.limit + 1}`,
        ),
    );
  }
}
