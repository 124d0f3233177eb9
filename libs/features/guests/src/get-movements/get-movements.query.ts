import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { dayParameter, propertyIdParameter, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { stayDaysAround } from '../stay-days-around.sql';
import { knownProperty } from '../stay.sql';

export const movementsQuery = z.strictObject({
  propertyId: propertyIdParameter,
  from: dayParameter.describe('First business day'),
  to: dayParameter.describe('Last business day, at most a year later'),
});

const counts = {
  expectedArrivals: shapes.count.describe('Parties that were to come, whether they did or not'),
  checkIns: shapes.count.describe('Parties that came'),
  guestsIn: shapes.count.meta({ example: 7 }),
  expectedDepartures: shapes.count.describe('Parties that were to leave'),
  checkOuts: shapes.count.describe('Parties that left'),
  guestsOut: shapes.count.meta({ example: 5 }),
  cancelled: shapes.count.describe('Parties that were to come and were cancelled').meta({ example: 0 }),
};

/** Who came and who left, counted by business day. */
export const movementsAnswer = z
  .object({
    propertyId: shapes.numericId,
    from: shapes.day,
    to: shapes.day,
    total: z.object(counts),
    days: z.array(z.object({ businessDay: shapes.day, ...counts })),
    position: shapes.position,
    asOf: shapes.instant,
  })
  .meta({ id: 'GuestMovements' });

interface MovementsRow {
  readonly body: Omit<z.output<typeof movementsAnswer>, 'position' | 'asOf'>;
  readonly isKnown: boolean;
}

/** Who came and who left on each day of a range. */
export class GetMovements extends Query<Snapshot<MovementsRow>> {
  constructor(
    readonly principal: Principal,
    readonly filter: z.output<typeof movementsQuery>,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(GetMovements)
export class GetMovementsHandler implements IQueryHandler<GetMovements> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, filter, minPosition, tags }: GetMovements): Promise<Snapshot<MovementsRow>> {
    const { organizationId } = principal;
    const { propertyId, from, to } = filter;
    const projections = ['guests_stay_days', 'guests_property_calendars'];
    return this.reader.read(
      { organizationId, minPosition, tags, projections },
      ({ bucket }) => sql`
        with days as (
          select day::date as day from generate_series(${from}::date, ${to}::date, interval '1 day') day
        ),
        moved as (
          select m.day, m.what, s.party_size
          from (${stayDaysAround({ bucket, organizationId, propertyId, from, to })}) s cross join lateral (values
            (s.arrives_on, case when s.status = 'cancelled' then 'cancelled' else 'expected-arrival' end),
            (s.arrived_on, 'check-in'), (case when s.status <> 'cancelled' then s.departs_on end, 'expected-departure'),
            (s.departed_on, 'check-out')) m(day, what)
        ),
        told as (
          select d.day, json_build_object('expectedArrivals', count(*) filter (where what = 'expected-arrival'),
            'checkIns', count(*) filter (where what = 'check-in'), 'guestsIn', coalesce(sum(party_size) filter (where what = 'check-in'), 0),
            'expectedDepartures', count(*) filter (where what = 'expected-departure'), 'checkOuts', count(*) filter (where what = 'check-out'),
            'guestsOut', coalesce(sum(party_size) filter (where what = 'check-out'), 0),
            'cancelled', count(*) filter (where what = 'cancelled')) as counts
          from days d left join moved using (day) group by grouping sets ((d.day), ())
        )
        select json_build_object('propertyId', ${propertyId}::bigint, 'from', ${from}::date, 'to', ${to}::date,
            'total', (select counts from told where day is null),
            'days', (select json_agg(jsonb_build_object('businessDay', day) || counts::jsonb order by day) from told where day is not null)) as body,
          ${knownProperty(bucket, organizationId, propertyId)} as "isKnown"`,
    );
  }
}
