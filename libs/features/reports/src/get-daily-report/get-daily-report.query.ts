import { dayParameter, propertyIdParameter, shapes } from '@innkeep/platform/http';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { dayTransactionJson } from '../day-transaction.sql';
import { dayTransaction, totals } from '../report.answers';
import { type ReportTables, readModels } from '../report-tables.sql';
import { WriteModel } from '../write-model.store';

export const dailyReportQuery = z.strictObject({
  propertyId: propertyIdParameter,
  date: dayParameter.describe("The business day, in the property's own time zone"),
  expand: z.literal('transactions').optional().describe('`transactions`: with the approved transactions of the day'),
});

/** What a property received and spent on a day; `transactions` only if they are asked for. */
export const dailyReportAnswer = z.object({
  propertyId: shapes.numericId,
  date: shapes.day,
  currency: shapes.currency,
  ...totals,
  transactions: z.array(dayTransaction).optional().describe('Only with `expand=transactions`'),
});

export interface ReportRow<Body = object> {
  readonly body: Body;
}

type DailyReportRow = ReportRow<z.output<typeof dailyReportAnswer>>;

/** What one property received and spent on one business day. */
export class GetDailyReport extends Query<Snapshot<DailyReportRow>> {
  constructor(
    readonly organizationId: number,
    readonly filter: z.output<typeof dailyReportQuery>,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(GetDailyReport)
export class GetDailyReportHandler implements IQueryHandler<GetDailyReport> {
  constructor(
    private readonly reader: Reader,
    private readonly writeModel: WriteModel,
  ) {}

  execute({ organizationId, filter, minPosition, tags }: GetDailyReport): Promise<Snapshot<DailyReportRow>> {
    const { propertyId, date, expand } = filter;
    const projections = [
      'reports_daily_summary',
      'reports_property_currencies',
      ...(expand ? ['reports_day_transactions'] : []),
    ];
    const report = (bucket: number, { currencies, days, transactions }: ReportTables) => sql`
        select jsonb_build_object('propertyId', p.property_id, 'date', ${date}::date, 'currency', p.currency,
            'totalReceivedCents', coalesce(s.received_cents, 0), 'totalExpensesCents', coalesce(s.expenses_cents, 0),
            'netCents', coalesce(s.received_cents - s.expenses_cents, 0), 'transactionCount', coalesce(s.transaction_count, 0))
          ${
            expand
              ? sql`|| jsonb_build_object('transactions', coalesce((select jsonb_agg(${dayTransactionJson} order by t.occurred_at, t.transaction_id)
                  from ${transactions} t where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.property_id = ${propertyId}
                  and t.business_on = ${date}::date), '[]'))`
              : sql``
          } as body
        from ${currencies} p
        left join ${days} s on s.bucket = p.bucket and s.organization_id = p.organization_id and s.property_id = p.property_id
          and s.currency = p.currency and s.business_on = ${date}::date
        where p.bucket = ${bucket} and p.organization_id = ${organizationId} and p.property_id = ${propertyId}`;
    const range = { propertyId, from: date, to: date, withTransactions: expand !== undefined };
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
