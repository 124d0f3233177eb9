import { pageOf, pageParameters, shapes } from '@innkeep/platform/http';
import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, rawSql, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { businessDayAt, businessDayEnd } from '../business-day.sql';
import { type DashboardTables, readModels } from '../report-tables.sql';
import { WriteModel } from '../write-model.store';
import { sums } from '../report.answers';

export const dashboardQuery = z.strictObject({
  ...pageParameters,
});

const windowSums = z.object(sums);
const windowed = { today: windowSums, monthToDate: windowSums, last7Days: windowSums };

const dashboardLine = z.object({
  propertyId: shapes.numericId,
  currency: shapes.currency,
  businessDay: shapes.day,
  ...windowed,
});
const dashboardTotal = z.object({ currency: shapes.currency, ...windowed });

export const dashboardPage = pageOf(dashboardLine, {
  totals: z.array(dashboardTotal),
  position: shapes.position,
  asOf: shapes.instant,
});

interface DashboardRow {
  /** One line for each property and currency. */
  readonly data: readonly z.output<typeof dashboardLine>[];
  /** Over all properties that the caller sees, whatever the page. */
  readonly totals: readonly z.output<typeof dashboardTotal>[];
  /** How many properties are in which business day: what was "today" when this was read. */
  readonly days: string;
  /** How long it stays so. */
  readonly secondsLeft: number | null;
}

/** Today, the month to date and the last seven days of all properties that the caller sees, each by its own business day. */
export class GetDashboard extends Query<Snapshot<DashboardRow>> {
  constructor(
    readonly principal: Principal,
    readonly at: Date,
    readonly limit: number,
    readonly after: readonly [propertyId: number, currency: string] | undefined,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

const windows = { today: 'today', monthToDate: `date_trunc('month', today::timestamp)`, last7Days: 'today - 6' };
const names = Object.keys(windows) as (keyof typeof windows)[];

/** The three windows end today: what is dated tomorrow already counts in none. */
const sumWindows = rawSql(
  Object.entries(windows)
    .flatMap(([name, from]) =>
      ['received', 'expenses', 'transaction'].map((what) => {
        const column = what === 'transaction' ? 'transaction_count' : `${what}_cents`;
        return `coalesce(sum(${column}) filter (where business_on >= ${from}), 0) as "${name}_${what}"`;
      }),
    )
    .join(', '),
);
const windowsJson = (total: (column: string) => string) =>
  rawSql(
    names
      .map((name) => {
        const [received, expenses, count] = ['received', 'expenses', 'transaction'].map((what) =>
          total(`"${name}_${what}"`),
        );
        return `'${name}', json_build_object('receivedCents', ${received}, 'expensesCents', ${expenses}, 'netCents', ${received} - ${expenses},
          'transactionCount', ${count})`;
      })
      .join(', '),
  );

const DAY_MS = 86_400_000;

/** All days that the windows of any property may hold: its today is at most two days from that of the clock in UTC. */
function daysAround(at: Date): { from: string; to: string } {
  const dayAt = (days: number) => new Date(at.getTime() + days * DAY_MS).toISOString().slice(0, 10);
  const month = `${dayAt(-2).slice(0, 7)}-01`;
  return { from: month < dayAt(-8) ? month : dayAt(-8), to: dayAt(2) };
}

@QueryHandler(GetDashboard)
export class GetDashboardHandler implements IQueryHandler<GetDashboard> {
  constructor(
    private readonly reader: Reader,
    private readonly writeModel: WriteModel,
  ) {}

  execute({ principal, at, limit, after, minPosition, tags }: GetDashboard): Promise<Snapshot<DashboardRow>> {
    const { organizationId, properties } = principal;
    const now = at.toISOString();
    const dashboard = (bucket: number, { calendars, currencies, days }: DashboardTables) => sql`
        with scope as materialized (
          select c.property_id, p.currency, c.time_zone, c.business_day_starts_at, ${businessDayAt(now)} as today
          from ${calendars} c
          join ${currencies} p on (p.bucket, p.organization_id, p.property_id) = (c.bucket, c.organization_id, c.property_id)
          where c.bucket = ${bucket} and c.organization_id = ${organizationId}
            ${properties === 'all' ? sql`` : sql`and c.property_id = any (${properties}::bigint[])`}
        ),
        amounts as (
          select property_id, currency, today, today as business_on, 0 as received_cents, 0 as expenses_cents, 0 as transaction_count from scope
          union all
          select c.property_id, s.currency, c.today, s.business_on, s.received_cents, s.expenses_cents, s.transaction_count
          from scope c join ${days} s on s.bucket = ${bucket} and s.organization_id = ${organizationId} and s.property_id = c.property_id
            and s.business_on between least(date_trunc('month', c.today::timestamp)::date, c.today - 6) and c.today
        ),
        lines as materialized (
          select property_id, currency, today, ${sumWindows} from amounts group by property_id, currency, today
        ),
        page as (
          select property_id, currency, json_build_object('propertyId', property_id, 'currency', currency, 'businessDay', today,
            ${windowsJson((column) => column)}) as body
          from lines ${after === undefined ? sql`` : sql`where (property_id, currency) > (${after[0]}::bigint, ${after[1]})`}
          order by property_id, currency limit ${limit}
        ),
        totals as (
          select currency, json_build_object('currency', currency, ${windowsJson((column) => `sum(${column})`)}) as body from lines group by currency
        )
        select (select coalesce(json_agg(body order by property_id, currency), '[]') from page) as data,
          (select coalesce(json_agg(body order by currency), '[]') from totals) as totals,
          (select coalesce(string_agg(today || ' ' || properties, ', ' order by today), '')
            from (select today, count(*) as properties from scope group by today) d) as days,
          (select extract(epoch from min(${businessDayEnd}) - ${now}::timestamptz)::float8 from scope c) as "secondsLeft"`;
    const { from, to } = daysAround(at);
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections: ['reports_daily_summary', 'reports_property_currencies', 'reports_property_calendars'],
        direct: async (port) => dashboard(port.bucket, await this.writeModel.dashboard(port, properties, from, to)),
      },
      ({ bucket }) => dashboard(bucket, readModels),
    );
  }
}
