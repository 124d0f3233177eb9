import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { dayParameter, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { knownProperty } from '../stay.sql';
import { occupancyByDay, occupancyCounts } from './occupancy.sql';

export const occupancyQuery = z.strictObject({
  from: dayParameter.describe('First business day'),
  to: dayParameter.describe('Last business day, at most a year later'),
});

const rate = z
  .number()
  .nullable()
  .describe('What is occupied of what is available, to four digits; null where nothing is available')
  .meta({ example: 0.75 });

const counts = {
  units: shapes.count.describe('In service').meta({ example: 42 }),
  outOfOrder: shapes.count.meta({ example: 2 }),
  available: shapes.count.describe('In service and not out of order').meta({ example: 40 }),
  occupied: shapes.count.describe('Filled by parties that have come').meta({ example: 30 }),
  expected: shapes.count.describe('To be filled by parties that have not').meta({ example: 4 }),
  guests: shapes.count.describe('In the units that are occupied').meta({ example: 58 }),
  occupancyRate: rate,
};

/** How a property is filled. */
export const occupancyAnswer = z
  .object({
    propertyId: shapes.numericId,
    from: shapes.day,
    to: shapes.day,
    total: z.object(counts).describe('Over all nights of the range'),
    days: z.array(z.object({ day: shapes.day, ...counts })),
    position: shapes.position,
    asOf: shapes.instant,
  })
  .meta({ id: 'Occupancy' });

interface OccupancyRow {
  readonly body: Omit<z.output<typeof occupancyAnswer>, 'position' | 'asOf'>;
  readonly isKnown: boolean;
}

/** How a property is filled on each day of a range. */
export class GetOccupancy extends Query<Snapshot<OccupancyRow>> {
  constructor(
    readonly principal: Principal,
    readonly propertyId: number,
    readonly range: z.output<typeof occupancyQuery>,
    readonly minPosition: number,
    readonly tags: readonly string[] = [],
  ) {
    super();
  }
}

@QueryHandler(GetOccupancy)
export class GetOccupancyHandler implements IQueryHandler<GetOccupancy> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, propertyId, range, minPosition, tags }: GetOccupancy): Promise<Snapshot<OccupancyRow>> {
    const { organizationId } = principal;
    const projections = ['guests_stay_days', 'guests_unit_days', 'guests_property_calendars'];
    return this.reader.read(
      { organizationId, minPosition, tags, projections },
      ({ bucket }) => sql`
        with by_day as (${occupancyByDay({ bucket, organizationId, propertyId, ...range })}),
        told as (
          select day, ${occupancyCounts} as counts from by_day group by grouping sets ((day), ())
        )
        select json_build_object('propertyId', ${propertyId}::bigint, 'from', ${range.from}::date, 'to', ${range.to}::date,
            'total', (select counts from told where day is null),
            'days', (select json_agg(jsonb_build_object('day', day) || counts order by day) from told where day is not null)) as body,
          ${knownProperty(bucket, organizationId, propertyId)} as "isKnown"`,
    );
  }
}
