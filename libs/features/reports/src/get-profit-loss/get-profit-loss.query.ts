import { monthParameter, propertyIdParameter, shapes, yearParameter } from '@innkeep/platform/http';
import { Reader, type Snapshot, rawSql, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import type { ReportRow } from '../get-daily-report/get-daily-report.query';
import { lastDayOf } from '../month';
import { type ProfitLossTables, readModels } from '../report-tables.sql';
import { WriteModel } from '../write-model.store';
import { sums } from '../report.answers';

export const profitLossQuery = z.strictObject({
  propertyId: propertyIdParameter,
  year: yearParameter,
  month: monthParameter.optional().describe('By default the whole year'),
});

/** What each category brought in or cost. */
export const profitLossAnswer = z.object({
  propertyId: shapes.numericId,
  year: z.int().meta({ example: 2026 }),
  month: z.int().min(1).max(12).nullable().meta({ example: null }),
  currency: shapes.currency,
  totals: z.array(z.object({ currency: shapes.currency, ...sums })),
  months: z.array(
    z.object({
      month: z
        .string()
        .regex(/^\d{4}-\d{2}$/)
        .meta({ example: '2026-03' }),
      currency: shapes.currency,
      ...sums,
      categories: z.array(
        z.object({
          kind: z.enum(['expense', 'revenue']),
          category: shapes.text('housekeeping').nullable(),
          amountCents: shapes.cents,
          transactionCount: shapes.count.meta({ example: 1 }),
        }),
      ),
    }),
  ),
  position: shapes.position,
  asOf: shapes.instant,
});

type ProfitLossRow = ReportRow<Omit<z.output<typeof profitLossAnswer>, 'position' | 'asOf'>>;

/** What each category brought in or cost one property, month by month, over a year or one month of it. */
export class GetProfitLoss extends Query<Snapshot<ProfitLossRow>> {
  constructor(
    readonly organizationId: number,
    readonly filter: z.output<typeof profitLossQuery>,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

/** The sums of what is grouped, as JSON members. */
const sumsJson = rawSql(`'receivedCents', coalesce(sum(amount_cents) filter (where kind = 'revenue'), 0),
  'expensesCents', coalesce(sum(amount_cents) filter (where kind = 'expense'), 0),
  'netCents', sum(case kind when 'revenue' then amount_cents else -amount_cents end), 'transactionCount', sum(transaction_count)`);

@QueryHandler(GetProfitLoss)
export class GetProfitLossHandler implements IQueryHandler<GetProfitLoss> {
  constructor(
    private readonly reader: Reader,
    private readonly writeModel: WriteModel,
  ) {}

  execute({ organizationId, filter, minPosition, tags }: GetProfitLoss): Promise<Snapshot<ProfitLossRow>> {
    const { propertyId, year, month } = filter;
    const first = `${year}-${String(month ?? 1).padStart(2, '0')}-01`;
    const last = `${year}-${String(month ?? 12).padStart(2, '0')}-01`;
    const profitLoss = (bucket: number, { currencies, categories }: ProfitLossTables) => sql`
        with lines as (
          select month_on, kind, category, currency, amount_cents, transaction_count from ${categories} c
          where bucket = ${bucket} and organization_id = ${organizationId} and property_id = ${propertyId}
            and month_on between ${first}::date and ${last}::date
        ),
        months as (
          select month_on, currency, json_build_object('month', to_char(month_on, 'YYYY-MM'), 'currency', currency, ${sumsJson},
            'categories', json_agg(json_build_object('kind', kind, 'category', nullif(category, ''), 'amountCents', amount_cents,
              'transactionCount', transaction_count) order by kind, category collate "C")) as body
          from lines group by month_on, currency
        ),
        totals as (select currency, json_build_object('currency', currency, ${sumsJson}) as body from lines group by currency)
        select json_build_object('propertyId', p.property_id, 'year', ${year}::int, 'month', ${month ?? null}::int, 'currency', p.currency,
          'totals', (select coalesce(json_agg(body order by currency), '[]') from totals),
          'months', (select coalesce(json_agg(body order by month_on, currency), '[]') from months)) as body
        from ${currencies} p
        where p.bucket = ${bucket} and p.organization_id = ${organizationId} and p.property_id = ${propertyId}`;
    const range = { propertyId, from: first, to: lastDayOf(year, month ?? 12) };
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections: ['reports_profit_loss', 'reports_property_currencies'],
        direct: async (port) => profitLoss(port.bucket, await this.writeModel.profitLoss(port, range)),
      },
      ({ bucket }) => profitLoss(bucket, readModels),
    );
  }
}
