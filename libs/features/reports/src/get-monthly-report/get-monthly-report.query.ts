import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import type { ReportRow } from '../get-daily-report/get-daily-report.query';
import { propertyIdParameter } from '../reports.parameters';

export const monthlyReportQuery = z.strictObject({
  propertyId: propertyIdParameter,
  year: z.coerce.number<string>().int().min(2000).max(2100),
  month: z.coerce.number<string>().int().min(1).max(12),
});

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
    return this.reader.read(
      { organizationId, minPosition, tags, projections: ['reports_daily_summary', 'reports_property_currencies'] },
      ({ bucket }) => sql`
        with days as (
          select business_on, received_cents, expenses_cents, transaction_count from reports.daily_summary s
          where s.bucket = ${bucket} and s.organization_id = ${organizationId} and s.property_id = ${propertyId}
            and s.business_on >= ${firstDay}::date and s.business_on < ${firstDay}::date + interval '1 month'
        )
        select json_build_object('propertyId', p.property_id, 'year', ${year}::int, 'month', ${month}::int, 'currency', p.currency,
          'totalReceivedCents', (select coalesce(sum(received_cents), 0) from days),
          'totalExpensesCents', (select coalesce(sum(expenses_cents), 0) from days),
          'netCents', (select coalesce(sum(received_cents - expenses_cents), 0) from days),
          'transactionCount', (select coalesce(sum(transaction_count), 0) from days),
          'days', (select coalesce(json_agg(json_build_object('date', business_on, 'totalReceivedCents', received_cents,
            'totalExpensesCents', expenses_cents, 'netCents', received_cents - expenses_cents, 'transactionCount', transaction_count)
            order by business_on), '[]') from days)) as body
        from reports.property_currencies p
        where p.bucket = ${bucket} and p.organization_id = ${organizationId} and p.property_id = ${propertyId}`,
    );
  }
}
