import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters, propertyIdParameter } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { userIdParameter } from '../list-attendance/list-attendance.query';
import { listedCorrection } from '../staff.answers';
import { type Sight, type StaffPage, joinPeople, listedCorrectionJson, pageRow, seenRows } from '../staff.sql';

export const listCorrectionsQuery = z.strictObject({
  propertyId: propertyIdParameter.optional().describe('By default all properties that you see'),
  userId: userIdParameter.optional(),
  status: z.enum(['pending', 'approved', 'rejected']).optional().describe('By default whatever was decided'),
  ...pageParameters,
});
export type CorrectionFilter = z.output<typeof listCorrectionsQuery>;

export const correctionPage = pageOf(listedCorrection);
type Listed = z.output<typeof listedCorrection>;

/** The corrections that the caller may see, those asked for last first. */
export class ListCorrections extends Query<Snapshot<StaffPage<Listed>>> {
  constructor(
    readonly sight: Sight,
    readonly filter: Pick<CorrectionFilter, 'status' | 'limit'>,
    readonly after: readonly [version: number] | undefined,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(ListCorrections)
export class ListCorrectionsHandler implements IQueryHandler<ListCorrections> {
  constructor(private readonly reader: Reader) {}

  execute({ sight, filter, after, minPosition, tags }: ListCorrections): Promise<Snapshot<StaffPage<Listed>>> {
    const { organizationId } = sight.principal;
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections: ['staff_correction_list', 'staff_people', 'staff_property_names'],
      },
      ({ bucket }) =>
        pageRow(
          bucket,
          sight,
          sql`select ${listedCorrectionJson} as body, json_build_array(t.requested_version) as key
            from staff.correction_list t ${joinPeople}
            where ${seenRows(bucket, sight)}
              ${filter.status === undefined ? sql`` : sql`and t.status = ${filter.status}`}
              ${after === undefined ? sql`` : sql`and t.requested_version < ${after[0]}`}
            order by t.requested_version desc limit ${filter.limit + 1}`,
        ),
    );
  }
}
