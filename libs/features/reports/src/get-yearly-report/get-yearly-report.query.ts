import { Reader, type Snapshot, rawSql, sql } from '@innkeep/platform/database';
import { propertyIdParameter, shapes, wholeNumber, yearParameter } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import type { ReportRow } from '../get-daily-report/get-daily-report.query';
import { totals } from '../report.answers';
import { type ReportTables, readModels } from '../report-tables.sql';
import { WriteModel } from '../write-model.store';

export const yearlyReportQuery = z.strictObject({ propertyId: propertyIdParameter, year: yearParameter });
export const quarterlyReportQuery = yearlyReportQuery.extend({
  quarter: wholeNumber(1, 4).describe('From 1 for January to March'),
});

const months = z
  .array(z.object({ month: z.int().min(1).max(12).meta({ example: 3 }), ...totals }))
  .describe('Months without transactions are left out');
const ofProperty = { propertyId: shapes.numericId, year: z.int().meta({ example: 2026 }) };
const quarterNumber = z.int().min(1).max(4).meta({ example: 1 });

/** What a property received and spent in a quarter, with its months. */
export const quarterlyReportAnswer = z.object({
  ...ofProperty,
  quarter: quarterNumber,
  currency: shapes.currency,
  ...totals,
  months,
});

/** What a property received and spent in a year, with its quarters and months. */
export const yearlyReportAnswer = z.object({
  ...ofProperty,
  currency: shapes.currency,
  ...totals,
  quarters: z
    .array(z.object({ quarter: quarterNumber, ...totals }))
    .describe('Quarters without transactions are left out'),
  months,
});

type YearlyReport = z.output<typeof yearlyReportAnswer> | z.output<typeof quarterlyReportAnswer>;

/** What one property received and spent in one year, or in one quarter of it. */
export class GetYearlyReport extends Query<Snapshot<ReportRow<YearlyReport>>> {
  constructor(
    readonly organizationId: number,
    readonly filter: z.output<typeof yearlyReportQuery> & { readonly quarter?: number },
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

const sums = (row: string) =>
  rawSql(`'totalReceivedCents', coalesce(sum(${row}.received_cents), 0), 'totalExpensesCents', coalesce(sum(${row}.expenses_cents), 0),
  'netCents', coalesce(sum(${row}.received_cents - ${row}.expenses_cents), 0), 'transactionCount', coalesce(sum(${row}.transaction_count), 0)`);

/** The sums of each of several months or quarters. */
const grouped = (
  by: 'month' | 'quarter',
) => sql`(select coalesce(json_agg(g.body order by g.${rawSql(by)}), '[]') from (
    select m.${rawSql(by)}, json_build_object(${by}::text, m.${rawSql(by)}, ${sums('m')}) as body from months m group by m.${rawSql(by)}) g)`;

@QueryHandler(GetYearlyReport)
export class GetYearlyReportHandler implements IQueryHandler<GetYearlyReport> {
  constructor(
    private readonly reader: Reader,
    private readonly writeModel: WriteModel,
  ) {}

  execute({ organizationId, filter, minPosition, tags }: GetYearlyReport): Promise<Snapshot<ReportRow<YearlyReport>>> {
    const { propertyId, year, quarter } = filter;
    const [first, last] = quarter === undefined ? ([1, 12] as const) : ([quarter * 3 - 2, quarter * 3] as const);
    const monthOn = (month: number) => `${year}-${String(month).padStart(2, '0')}-01`;
    const of = quarter === undefined ? sql`` : sql`'quarter', ${quarter}::int,`;
    const parts =
      quarter === undefined
        ? sql`'quarters', ${grouped('quarter')}, 'months', ${grouped('month')}`
        : sql`'months', ${grouped('month')}`;
    const report = (bucket: number, { currencies, months: table }: ReportTables) => sql`
        with property as (
          select p.currency from ${currencies} p
          where p.bucket = ${bucket} and p.organization_id = ${organizationId} and p.property_id = ${propertyId}
        ),
        months as (
          select extract(month from m.month_on)::int as month, extract(quarter from m.month_on)::int as quarter, m.received_cents,
            m.expenses_cents, m.transaction_count
          from ${table} m join property p on p.currency = m.currency
          where m.bucket = ${bucket} and m.organization_id = ${organizationId} and m.property_id = ${propertyId}
            and m.month_on between ${monthOn(first)}::date and ${monthOn(last)}::date
        )
        select json_build_object('propertyId', ${propertyId}::bigint, 'year', ${year}::int, ${of} 'currency', p.currency, ${sums('t')},
          ${parts}) as body
        from property p left join months t on true group by p.currency`;
    const range = {
      propertyId,
      from: monthOn(first),
      to: new Date(Date.UTC(year, last, 0)).toISOString().slice(0, 10),
    };
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections: ['reports_monthly_summary', 'reports_property_currencies'],
        direct: async (port) => report(port.bucket, await this.writeModel.tables(port, range)),
      },
      ({ bucket }) => report(bucket, readModels),
    );
  }
}
