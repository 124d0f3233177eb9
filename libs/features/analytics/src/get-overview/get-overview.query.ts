import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, type Sql, rawSql, sql } from '@innkeep/platform/database';
import { dayParameter, pageOf, pageParameters, propertyIdParameter, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { type Period, comparedWith, comparisons } from './period';

export const overviewQuery = z.strictObject({
  from: dayParameter.describe('The first business day').meta({ example: '2026-03-01' }),
  to: dayParameter.describe('The last business day, at most a year later').meta({ example: '2026-03-31' }),
  propertyId: propertyIdParameter.optional().describe('Only this property'),
  compare: z
    .enum(comparisons)
    .default('previous')
    .describe('With as many days right before, with the same days of the year before, or with nothing'),
  ...pageParameters,
});
export type OverviewFilter = z.output<typeof overviewQuery>;

const rate = shapes.cents.nullable();
const figures = z
  .object({
    revenueCents: shapes.cents.meta({ example: 98_000 }),
    roomRevenueCents: shapes.cents.describe('What of the revenue is for nights, without tax').meta({ example: 90_000 }),
    expensesCents: shapes.cents.meta({ example: 12_000 }),
    profitCents: shapes.cents.meta({ example: 86_000 }),
    occupiedNights: shapes.count.describe('Nights of units that a party filled').meta({ example: 9 }),
    availableNights: shapes.count.describe('Nights of units that were to be sold').meta({ example: 12 }),
    occupancy: z
      .number()
      .min(0)
      .nullable()
      .describe('Occupied of available nights; null without any')
      .meta({ example: 0.75 }),
    averageDailyRateCents: rate.describe('Room revenue for each occupied night').meta({ example: 10_000 }),
    revenuePerAvailableRoomCents: rate.describe('Room revenue for each available night').meta({ example: 7_500 }),
  })
  .meta({ id: 'AnalyticsFigures' });

const lineMembers = {
  currency: shapes.currency,
  ...figures.shape,
  previous: figures.nullable().describe('The same of the period that it is compared with'),
};
const line = z.object({ propertyId: shapes.numericId, ...lineMembers }).meta({ id: 'AnalyticsLine' });
const total = z.object(lineMembers).meta({ id: 'AnalyticsTotal' });
const period = (from: string, to: string) =>
  z.object({ from: shapes.day.meta({ example: from }), to: shapes.day.meta({ example: to }) });

/** How properties did in a period, beside another one. */
export const overviewPage = pageOf(line, {
  totals: z.array(total).describe('For each currency, over all properties that you see, whatever the page'),
  period: period('2026-03-01', '2026-03-31'),
  comparedWith: period('2026-01-29', '2026-02-28').nullable().describe('What `previous` is about'),
  position: shapes.position,
  asOf: shapes.instant,
});

interface OverviewRow {
  readonly data: readonly z.output<typeof line>[];
  readonly totals: readonly z.output<typeof total>[];
}

/** Revenue, expenses, nights and rates of the properties that the caller sees, in a period and in the one it is compared with. */
export class GetOverview extends Query<Snapshot<OverviewRow>> {
  constructor(
    readonly principal: Principal,
    readonly filter: OverviewFilter,
    readonly after: readonly [propertyId: number, currency: string] | undefined,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

/** The figures of a row `f` of sums. Rates are rounded to minor units, half away from zero. */
const figuresJson =
  rawSql(`jsonb_build_object('revenueCents', f.revenue, 'roomRevenueCents', f.room_revenue, 'expensesCents', f.expenses,
  'profitCents', f.revenue - f.expenses, 'occupiedNights', f.occupied, 'availableNights', f.available,
  'occupancy', round(f.occupied::numeric / nullif(f.available, 0), 4),
  'averageDailyRateCents', round(f.room_revenue::numeric / nullif(f.occupied, 0)),
  'revenuePerAvailableRoomCents', round(f.room_revenue::numeric / nullif(f.available, 0)))`);

const summed =
  rawSql(`sum(revenue) as revenue, sum(room_revenue) as room_revenue, sum(expenses) as expenses, sum(occupied) as occupied,
  sum(available) as available`);

/**
 * As long as a stay that is agreed on can be. By the end of a stay alone all that came after the period would be read too; who stayed longer
 * is found by an index of its own, which is asked for this number alone: it stands in the statement, and is no parameter.
 */
const LONG_DAYS = rawSql('400');

/** The days in which a unit `u` is in service in the period `p`. */
const firstDay = rawSql('greatest(p.first, u.in_service_from)');
const lastDay = rawSql('least(p.last, u.in_service_until)');

/** The figures of the period that is asked about, and beside them those of the other. */
const sideBySide = (rows: Sql, key: Sql): Sql => sql`
  select ${key}, jsonb_build_object('currency', f.currency) || (jsonb_agg(${figuresJson}) filter (where f.period = 'current') -> 0)
    || jsonb_build_object('previous', jsonb_agg(${figuresJson}) filter (where f.period = 'previous') -> 0) as body
  from ${rows} f group by ${key}`;

@QueryHandler(GetOverview)
export class GetOverviewHandler implements IQueryHandler<GetOverview> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, filter, after, minPosition, tags }: GetOverview): Promise<Snapshot<OverviewRow>> {
    const { organizationId, properties } = principal;
    const { from, to, propertyId = null, compare, limit } = filter;
    const seen = properties === 'all' ? null : [...properties];
    const periods: [string, Period][] = [['current', { from, to }]];
    const other = comparedWith({ from, to }, compare);
    if (other) periods.push(['previous', other]);
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections: ['analytics_properties', 'analytics_days', 'analytics_units', 'analytics_stays'],
      },
      ({ bucket }) => sql`
        with scope as materialized (
          select property_id, currency from analytics.properties
          where bucket = ${bucket} and organization_id = ${organizationId} and (${propertyId}::bigint is null or property_id = ${propertyId})
            and (${seen}::bigint[] is null or property_id = any (${seen}::bigint[]))
        ), periods as (
          select * from unnest(${periods.map(([name]) => name)}::text[], ${periods.map(([, one]) => one.from)}::date[],
            ${periods.map(([, one]) => one.to)}::date[]) as p(period, first, last)
        ), money as (
          select d.property_id, d.currency, p.period, sum(d.revenue_cents) as revenue, sum(d.room_revenue_cents) as room_revenue,
            sum(d.expenses_cents) as expenses, 0 as occupied, 0 as available
          from periods p cross join scope s join analytics.days d on d.bucket = ${bucket} and d.organization_id = ${organizationId}
            and d.property_id = s.property_id and d.business_on between p.first and p.last
          group by d.property_id, d.currency, p.period
        ), nights_to_sell as (
          select s.property_id, s.currency, p.period, 0, 0, 0, 0, sum(greatest(0, ${lastDay} - ${firstDay} + 1) - (
            select coalesce(sum(greatest(0, least(${lastDay}, o."to") - greatest(${firstDay}, o."from") + 1)), 0)
            from jsonb_to_recordset(u.out_of_order) as o("from" date, "to" date)))
          from periods p cross join scope s join analytics.units u on u.bucket = ${bucket} and u.organization_id = ${organizationId}
            and u.property_id = s.property_id
          group by s.property_id, s.currency, p.period
        ), nights_filled as (
          select s.property_id, s.currency, p.period, 0, 0, 0,
            sum(greatest(0, least(p.last + 1, t.departed_on) - greatest(p.first, t.arrived_on)) * t.unit_count), 0
          from periods p cross join scope s cross join lateral (
            select * from analytics.stays o where o.bucket = ${bucket} and o.organization_id = ${organizationId}
              and o.property_id = s.property_id and o.departed_on > p.first and o.departed_on <= p.last + ${LONG_DAYS}
            union all
            select * from analytics.stays o where o.bucket = ${bucket} and o.organization_id = ${organizationId}
              and o.property_id = s.property_id and o.departed_on > p.last + ${LONG_DAYS} and o.departed_on - o.arrived_on > ${LONG_DAYS}) t
          where t.arrived_on <= p.last
          group by s.property_id, s.currency, p.period
        ), lines as materialized (
          select property_id, currency, period, ${summed} from (
            select property_id, currency, period, 0::bigint as revenue, 0::bigint as room_revenue, 0::bigint as expenses, 0::bigint as occupied,
              0::bigint as available from scope cross join periods
            union all
            select m.property_id, m.currency, p.period, 0, 0, 0, 0, 0 from money m cross join periods p
            union all select * from money union all select * from nights_to_sell union all select * from nights_filled
          ) parts group by property_id, currency, period
        ), page as (
          select l.property_id, l.currency, jsonb_build_object('propertyId', l.property_id) || l.body as body
          from (${sideBySide(rawSql('lines'), rawSql('f.property_id, f.currency'))}) l
          where ${after === undefined ? sql`true` : sql`(l.property_id, l.currency) > (${after[0]}::bigint, ${after[1]})`}
          order by l.property_id, l.currency limit ${limit + 1}
        ), totals as (
          select currency, period, ${summed} from lines group by currency, period
        )
        select (select coalesce(jsonb_agg(body order by property_id, currency), '[]') from page) as data,
          (select coalesce(jsonb_agg(t.body order by t.currency), '[]')
            from (${sideBySide(rawSql('totals'), rawSql('f.currency'))}) t) as totals`,
    );
  }
}
