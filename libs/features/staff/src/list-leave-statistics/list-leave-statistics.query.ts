import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import {
  monthParameter,
  pageOf,
  pageParameters,
  propertyIdParameter,
  shapes,
  yearParameter,
} from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { userIdParameter } from '../list-attendance/list-attendance.query';
import { monthsOf } from '../list-attendance-statistics/list-attendance-statistics.query';
import { days } from '../staff.answers';
import { type Sight, type StaffPage, joinPeople, pageRow, seenRows } from '../staff.sql';

export const leaveStatisticsQuery = z.strictObject({
  year: yearParameter,
  month: monthParameter.optional().describe('From 1 for January; by default the whole year'),
  propertyId: propertyIdParameter.optional().describe('By default all properties that you see'),
  userId: userIdParameter.optional(),
  ...pageParameters,
});
export type LeaveStatisticsFilter = z.output<typeof leaveStatisticsQuery>;

const entry = z
  .object({
    month: z.string().meta({ example: '2026-03' }),
    propertyId: shapes.numericId,
    userId: shapes.numericId,
    userName: shapes.text('Ana Duarte').nullable(),
    leaveTypeId: shapes.uuidId,
    days: days.describe('Approved'),
  })
  .meta({ id: 'LeaveMonth' });
export const leaveStatisticsPage = pageOf(entry);
type Listed = z.output<typeof entry>;

/** Where a page ended: the month, the property, the person and the leave of its last entry. */
export type AfterLeaveMonth = readonly [month: string, propertyId: number, userId: number, leaveTypeId: string];

/** Who was on leave, by month, property, person and kind of leave. */
export class ListLeaveStatistics extends Query<Snapshot<StaffPage<Listed>>> {
  constructor(
    readonly sight: Sight,
    readonly filter: Pick<LeaveStatisticsFilter, 'year' | 'month' | 'limit'>,
    readonly after: AfterLeaveMonth | undefined,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(ListLeaveStatistics)
export class ListLeaveStatisticsHandler implements IQueryHandler<ListLeaveStatistics> {
  constructor(private readonly reader: Reader) {}

  execute({ sight, filter, after, minPosition, tags }: ListLeaveStatistics): Promise<Snapshot<StaffPage<Listed>>> {
    const { organizationId } = sight.principal;
    const [first, last] = monthsOf(filter);
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections: ['staff_leave_months', 'staff_people', 'staff_property_names'],
      },
      ({ bucket }) =>
        pageRow(
          bucket,
          sight,
          sql`select json_build_object('month', t.month, 'propertyId', t.property_id, 'userId', t.user_id, 'userName', p.name,
              'leaveTypeId', t.leave_type_id, 'days', t.half_days / 2.0) as body,
              json_build_array(t.month, t.property_id, t.user_id, t.leave_type_id) as key
            from staff.leave_months t ${joinPeople}
            where ${seenRows(bucket, sight)} and t.month between ${first} and ${last} and t.half_days > 0
              ${after === undefined ? sql`` : sql`and (t.month, t.property_id, t.user_id, t.leave_type_id) > (${after[0]}::text, ${after[1]}::bigint, ${after[2]}::bigint, ${after[3]}::uuid)`}
            order by t.month, t.property_id, t.user_id, t.leave_type_id limit ${filter.limit + 1}`,
        ),
    );
  }
}
