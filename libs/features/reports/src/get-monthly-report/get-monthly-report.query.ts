import { monthParameter, propertyIdParameter, yearParameter } from '@innkeep/platform/http';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import type { ReportRow } from '../get-daily-report/get-daily-report.query';

export const monthlyReportQuery = z.strictObject({
  propertyId: propertyIdParameter,
  year: yearParameter,
  month: monthParameter,
});

/** What a monthly report has. */
export const monthlyReportFields = [
  'propertyId',
  'year',
  'month',
  'currency',
  'totalReceivedCents',
  'totalExpensesCents',
  'netCents',
  'transactionCount',
  'days',
] as const;

/** What one property received and spent in one month, with its days. */
export class GetMonthlyReport extends Query<Snapshot<ReportRow>> {
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
  constructor(private readonly reader: Reader) {}

  execute({ organizationId, filter, minPosition, tags }: GetMonthlyReport): Promise<Snapshot<ReportRow>> {
    const { propertyId, year, month } = filter;
    const firstDay = `${year}-${String(month).padStart(2, '0')}-01`;
    const projections = ['reports_monthly_summary', 'reports_daily_summary', 'reports_property_currencies'];
    return this.reader.read(
      { organizationId, minPosition, tags, projections },
      ({ bucket }) => sql`
        select json_build_object('propertyId', p.property_id, 'year', ${year}::int, 'month', ${month}::int, 'currency', p.currency,
          'totalReceivedCents', coalesce(m.received_cents, 0), 'totalExpensesCents', coalesce(m.expenses_cents, 0),
          'netCents', coalesce(m.received_cents - m.expenses_cents, 0), 'transactionCount', coalesce(m.transaction_count, 0),
          'days', (select coalesce(json_agg(json_build_object('date', s.business_on, 'totalReceivedCents', s.received_cents,
              'totalExpensesCents', s.expenses_cents, 'netCents', s.received_cents - s.expenses_cents, 'transactionCount', s.transaction_count)
              order by s.business_on), '[]')
            from reports.daily_summary s
            where s.bucket = p.bucket and s.organization_id = p.organization_id and s.property_id = p.property_id and s.currency = p.currency
              and s.business_on >= ${firstDay}::date and s.business_on < ${firstDay}::date + interval '1 month')) as body
        from reports.property_currencies p
        left join reports.monthly_summary m on m.bucket = p.bucket and m.organization_id = p.organization_id and m.property_id = p.property_id
          and m.currency = p.currency and m.month_on = ${firstDay}::date
        where p.bucket = ${bucket} and p.organization_id = ${organizationId} and p.property_id = ${propertyId}`,
    );
  }
}
