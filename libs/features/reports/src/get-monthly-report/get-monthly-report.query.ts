import { monthParameter, propertyIdParameter, shapes, yearParameter } from '@innkeep/platform/http';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { totals } from '../report.answers';
import { lastDayOf } from '../month';
import { type ReportTables, readModels } from '../report-tables.sql';
import { WriteModel } from '../write-model.store';
import type { ReportRow } from '../get-daily-report/get-daily-report.query';

export const monthlyReportQuery = z.strictObject({
  propertyId: propertyIdParameter,
  year: yearParameter,
  month: monthParameter,
});

/** What a property received and spent in a month, with its days. */
export const monthlyReportAnswer = z.object({
  propertyId: shapes.numericId,
  year: z.int().meta({ example: 2026 }),
  month: z.int().min(1).max(12).meta({ example: 3 }),
  currency: shapes.currency,
  ...totals,
  days: z.array(z.object({ date: shapes.day, ...totals })).describe('Days without transactions are left out'),
});

type MonthlyReportRow = ReportRow<z.output<typeof monthlyReportAnswer>>;

/** What one property received and spent in one month, with its days. */
export class GetMonthlyReport extends Query<Snapshot<MonthlyReportRow>> {
  constructor(
    readonly organizationId: number,
    readonly filter: z.output<typeof monthlyReportQuery>,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(GetMonthlyReport)
export class GetMonthlyReportHandler implements IQueryHandler<GetMonthlyReport> {
  constructor(
    private readonly reader: Reader,
    private readonly writeModel: WriteModel,
  ) {}

  execute({ organizationId, filter, minPosition, tags }: GetMonthlyReport): Promise<Snapshot<MonthlyReportRow>> {
    const { propertyId, year, month } = filter;
    const firstDay = `${year}-${String(month).padStart(2, '0')}-01`;
    const projections = ['reports_monthly_summary', 'reports_daily_summary', 'reports_property_currencies'];
    const report = (bucket: number, { currencies, days, months }: ReportTables) => sql`
        select json_build_object('propertyId', p.property_id, 'year', ${year}::int, 'month', ${month}::int, 'currency', p.currency,
          'totalReceivedCents', coalesce(m.received_cents, 0), 'totalExpensesCents', coalesce(m.expenses_cents, 0),
          'netCents', coalesce(m.received_cents - m.expenses_cents, 0), 'transactionCount', coalesce(m.transaction_count, 0),
          'days', (select coalesce(json_agg(json_build_object('date', s.business_on, 'totalReceivedCents', s.received_cents,
              'totalExpensesCents', s.expenses_cents, 'netCents', s.received_cents - s.expenses_cents, 'transactionCount', s.transaction_count)
              order by s.business_on), '[]')
            from ${days} s
            where s.bucket = p.bucket and s.organization_id = p.organization_id and s.property_id = p.property_id and s.currency = p.currency
              and s.business_on >= ${firstDay}::date and s.business_on < ${firstDay}::date + interval '1 month')) as body
        from ${currencies} p
        left join ${months} m on m.bucket = p.bucket and m.organization_id = p.organization_id and m.property_id = p.property_id
          and m.currency = p.currency and m.month_on = ${firstDay}::date
        where p.bucket = ${bucket} and p.organization_id = ${organizationId} and p.property_id = ${propertyId}`;
    const range = { propertyId, from: firstDay, to: lastDayOf(year, month) };
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections,
        direct: async (port) => report(port.bucket, await this.writeModel.tables(port, range)),
      },
      ({ bucket }) => report(bucket, readModels),
    );
  }
}
