import { dayParameter, propertyIdParameter, shapes } from '@innkeep/platform/http';
import { type Principal, PropertyPort } from '@innkeep/contracts';
import { Reader, type Snapshot, type Sql, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { isProperty, knownProperty } from '../transaction.sql';

export const summaryQuery = z.strictObject({
  propertyId: propertyIdParameter,
  from: dayParameter.optional().describe('First business day'),
  to: dayParameter.optional().describe('Last business day'),
});

/** What a property has received, spent and still to approve. */
export const summaryAnswer = z.object({
  propertyId: shapes.numericId,
  from: shapes.day.nullable(),
  to: shapes.day.nullable(),
  totals: z.array(
    z.object({
      currency: shapes.currency,
      receivedCents: shapes.cents.meta({ example: 98_00 }),
      expensesCents: shapes.cents,
      netCents: shapes.cents.meta({ example: 85_50 }),
      pendingRevenuesCents: shapes.cents.meta({ example: 40_00 }),
      pendingExpensesCents: shapes.cents.meta({ example: 5_00 }),
      pendingCount: shapes.count,
    }),
  ),
});

interface SummaryRow {
  readonly body: z.output<typeof summaryAnswer>;
  readonly isKnown: boolean;
}

/** What a property has received, spent and still to approve over a range of business days, for each currency. */
export class GetFinanceSummary extends Query<Snapshot<SummaryRow>> {
  constructor(
    readonly principal: Principal,
    readonly filter: z.output<typeof summaryQuery>,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(GetFinanceSummary)
export class GetFinanceSummaryHandler implements IQueryHandler<GetFinanceSummary> {
  constructor(
    private readonly reader: Reader,
    private readonly properties: PropertyPort,
  ) {}

  execute({ principal, filter, minPosition, tags }: GetFinanceSummary): Promise<Snapshot<SummaryRow>> {
    const { organizationId } = principal;
    const summary = (bucket: number, isKnown: Sql) => sql`
        with by_currency as (
          select currency,
            coalesce(sum(amount_cents) filter (where kind = 'revenue' and status = 'approved'), 0) as received,
            coalesce(sum(amount_cents) filter (where kind = 'expense' and status = 'approved'), 0) as spent,
            coalesce(sum(amount_cents) filter (where kind = 'revenue' and status = 'pending'), 0) as pending_revenue,
            coalesce(sum(amount_cents) filter (where kind = 'expense' and status = 'pending'), 0) as pending_expense,
            count(*) filter (where status = 'pending') as pending
          from finance.transactions
          where bucket = ${bucket} and organization_id = ${organizationId} and property_id = ${filter.propertyId} and deleted_at is null
            ${filter.from === undefined ? sql`` : sql`and business_on >= ${filter.from}::date`}
            ${filter.to === undefined ? sql`` : sql`and business_on <= ${filter.to}::date`}
          group by currency
        )
        select json_build_object('propertyId', ${filter.propertyId}::bigint, 'from', ${filter.from ?? null}::date, 'to', ${filter.to ?? null}::date,
          'totals', coalesce(json_agg(json_build_object('currency', currency, 'receivedCents', received, 'expensesCents', spent,
            'netCents', received - spent, 'pendingRevenuesCents', pending_revenue, 'pendingExpensesCents', pending_expense, 'pendingCount', pending)
            order by currency), '[]')) as body,
          ${isKnown} as "isKnown"
        from by_currency`;
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections: ['finance_property_names'],
        readsState: true,
        direct: async (port) => summary(port.bucket, await isProperty(port, this.properties, filter.propertyId)),
      },
      ({ bucket }) => summary(bucket, knownProperty(bucket, organizationId, filter.propertyId)),
    );
  }
}
