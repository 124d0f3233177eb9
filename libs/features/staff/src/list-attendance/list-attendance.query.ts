import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { dayParameter, pageOf, pageParameters, propertyIdParameter, wholeNumber } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { listedShift } from '../staff.answers';
import { type Sight, type StaffPage, joinPeople, listedShiftJson, pageRow, seenRows } from '../staff.sql';

export const userIdParameter = wholeNumber(1, Number.MAX_SAFE_INTEGER).describe(
  'Id of the person; staff see their own',
);

export const listAttendanceQuery = z.strictObject({
  propertyId: propertyIdParameter.optional().describe('By default all properties that you see'),
  userId: userIdParameter.optional(),
  from: dayParameter.optional().describe('First business day'),
  to: dayParameter.optional().describe('Last business day'),
  ...pageParameters,
});
export type AttendanceFilter = z.output<typeof listAttendanceQuery>;

export const attendancePage = pageOf(listedShift);
type Listed = z.output<typeof listedShift>;

/** Where a page ended: the day, the beginning and the id of its last shift. */
export type AfterShift = readonly [businessDay: string, startedAt: string, id: string];

/** The shifts that the caller may see, the latest first. */
export class ListAttendance extends Query<Snapshot<StaffPage<Listed>>> {
  constructor(
    readonly sight: Sight,
    readonly filter: Pick<AttendanceFilter, 'from' | 'to' | 'limit'>,
    readonly after: AfterShift | undefined,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(ListAttendance)
export class ListAttendanceHandler implements IQueryHandler<ListAttendance> {
  constructor(private readonly reader: Reader) {}

  execute({ sight, filter, after, minPosition, tags }: ListAttendance): Promise<Snapshot<StaffPage<Listed>>> {
    const { organizationId } = sight.principal;
    return this.reader.read(
      { organizationId, minPosition, tags, projections: ['staff_attendance', 'staff_people', 'staff_property_names'] },
      ({ bucket }) =>
        pageRow(
          bucket,
          sight,
          sql`select ${listedShiftJson} as body, json_build_array(t.business_on, t.started_at, t.shift_id) as key
            from staff.attendance t ${joinPeople}
            where ${seenRows(bucket, sight)}
              ${filter.from === undefined ? sql`` : sql`and t.business_on >= ${filter.from}::date`}
              ${filter.to === undefined ? sql`` : sql`and t.business_on <= ${filter.to}::date`}
              ${after === undefined ? sql`` : sql`and (t.business_on, t.started_at, t.shift_id) < (${after[0]}::date, ${after[1]}::timestamptz, ${after[2]}::uuid)`}
            order by t.business_on desc, t.started_at desc, t.shift_id desc limit ${filter.limit + 1}`,
        ),
    );
  }
}
