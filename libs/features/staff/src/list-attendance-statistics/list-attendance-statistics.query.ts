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
import { type Sight, type StaffPage, joinPeople, pageRow, seenRows } from '../staff.sql';

export const attendanceStatisticsQuery = z.strictObject({
  year: yearParameter,
  month: monthParameter.optional().describe('From 1 for January; by default the whole year'),
  propertyId: propertyIdParameter.optional().describe('By default all properties that you see'),
  userId: userIdParameter.optional(),
  ...pageParameters,
});
export type AttendanceStatisticsFilter = z.output<typeof attendanceStatisticsQuery>;

const entry = z
  .object({
    month: z.string().describe('Of the business day').meta({ example: '2026-03' }),
    propertyId: shapes.numericId,
    userId: shapes.numericId,
    userName: shapes.text('Ana Duarte').nullable(),
    shiftCount: shapes.count.meta({ example: 21 }),
    workedSeconds: shapes.count.describe('Elapsed, of shifts that were ended or corrected').meta({ example: 604_800 }),
    lateCount: shapes.count,
    forgottenCount: shapes.count.describe('Shifts that were closed by rule'),
  })
  .meta({ id: 'AttendanceMonth' });
export const attendanceStatisticsPage = pageOf(entry);
type Listed = z.output<typeof entry>;

/** Where a page ended: the month, the property and the person of its last entry. */
export type AfterMonth = readonly [month: string, propertyId: number, userId: number];

/** What people worked, by month, property and person. */
export class ListAttendanceStatistics extends Query<Snapshot<StaffPage<Listed>>> {
  constructor(
    readonly sight: Sight,
    readonly filter: Pick<AttendanceStatisticsFilter, 'year' | 'month' | 'limit'>,
    readonly after: AfterMonth | undefined,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

/** The first and the last month, `YYYY-MM`, of what is asked for. */
export function monthsOf({ year, month }: { year: number; month?: number }): readonly [first: string, last: string] {
  const text = (number: number) => `${year}-${String(number).padStart(2, '0')}`;
  return [text(month ?? 1), text(month ?? 12)];
}

@QueryHandler(ListAttendanceStatistics)
export class ListAttendanceStatisticsHandler implements IQueryHandler<ListAttendanceStatistics> {
  constructor(private readonly reader: Reader) {}

  execute(query: ListAttendanceStatistics): Promise<Snapshot<StaffPage<Listed>>> {
    const { sight, filter, after, minPosition, tags } = query;
    const { organizationId } = sight.principal;
    const [first, last] = monthsOf(filter);
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections: ['staff_attendance_months', 'staff_people', 'staff_property_names'],
      },
      ({ bucket }) =>
        pageRow(
          bucket,
          sight,
          sql`select json_build_object('month', t.month, 'propertyId', t.property_id, 'userId', t.user_id, 'userName', p.name,
              'shiftCount', t.shift_count, 'workedSeconds', t.worked_seconds, 'lateCount', t.late_count, 'forgottenCount', t.forgotten_count) as body,
              json_build_array(t.month, t.property_id, t.user_id) as key
            from staff.attendance_months t ${joinPeople}
            where ${seenRows(bucket, sight)} and t.month between ${first} and ${last} and t.shift_count > 0
              ${after === undefined ? sql`` : sql`and (t.month, t.property_id, t.user_id) > (${after[0]}::text, ${after[1]}::bigint, ${after[2]}::bigint)`}
            order by t.month, t.property_id, t.user_id limit ${filter.limit + 1}`,
        ),
    );
  }
}
