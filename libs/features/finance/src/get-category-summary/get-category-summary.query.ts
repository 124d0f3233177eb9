import { type Principal, PropertyPort } from '@innkeep/contracts';
import { Reader, type Snapshot, type Sql, sql } from '@innkeep/platform/database';
import { dayParameter, propertyIdParameter, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { kind } from '../transaction.fields';
import { isProperty, knownProperty } from '../transaction.sql';

export const categorySummaryQuery = z.strictObject({
  propertyId: propertyIdParameter,
  from: dayParameter.optional().describe('First business day'),
  to: dayParameter.optional().describe('Last business day'),
});

/** What was approved of each category. */
export const categorySummaryAnswer = z.object({
  propertyId: shapes.numericId,
  from: shapes.day.nullable(),
  to: shapes.day.nullable(),
  categories: z.array(
    z.object({
      kind,
      category: shapes.text('housekeeping').nullable().describe('Null: without one'),
      currency: shapes.currency,
      amountCents: shapes.cents.describe('As it counts in every total'),
      netCents: shapes.cents.describe('Without tax').meta({ example: 10_16 }),
      taxCents: shapes.cents.describe('The sum of the taxes of each').meta({ example: 2_34 }),
      grossCents: shapes.cents.describe('With tax').meta({ example: 12_50 }),
      transactionCount: shapes.count,
    }),
  ),
});

interface SummaryRow {
  readonly body: z.output<typeof categorySummaryAnswer>;
  readonly isKnown: boolean;
}

/** What was approved of each category of a property over a range of business days, with its taxes. */
export class GetCategorySummary extends Query<Snapshot<SummaryRow>> {
  constructor(
    readonly principal: Principal,
    readonly filter: z.output<typeof categorySummaryQuery>,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(GetCategorySummary)
export class GetCategorySummaryHandler implements IQueryHandler<GetCategorySummary> {
  constructor(
    private readonly reader: Reader,
    private readonly properties: PropertyPort,
  ) {}

  execute({ principal, filter, minPosition, tags }: GetCategorySummary): Promise<Snapshot<SummaryRow>> {
    const { organizationId } = principal;
    const { propertyId, from, to } = filter;
    const summary = (bucket: number, isKnown: Sql) => sql`
        with by_category as (
          select kind, category, currency, sum(amount_cents) as amount, sum(coalesce((tax->>'netCents')::bigint, amount_cents)) as net,
            sum(coalesce((tax->>'taxCents')::bigint, 0)) as tax, sum(coalesce((tax->>'grossCents')::bigint, amount_cents)) as gross,
            count(*) as transactions
          from finance.transactions
          where bucket = ${bucket} and organization_id = ${organizationId} and property_id = ${propertyId} and deleted_at is null
            and status = 'approved'
            ${from === undefined ? sql`` : sql`and business_on >= ${from}::date`}
            ${to === undefined ? sql`` : sql`and business_on <= ${to}::date`}
          group by kind, category, currency
        )
        select json_build_object('propertyId', ${propertyId}::bigint, 'from', ${from ?? null}::date, 'to', ${to ?? null}::date,
          'categories', coalesce(json_agg(json_build_object('kind', kind, 'category', category, 'currency', currency, 'amountCents', amount,
            'netCents', net, 'taxCents', tax, 'grossCents', gross, 'transactionCount', transactions)
            order by currency, kind, category nulls last), '[]')) as body,
          ${isKnown} as "isKnown"
        from by_category`;
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections: ['finance_property_names'],
        readsState: true,
        direct: async (port) => summary(port.bucket, await isProperty(port, this.properties, propertyId)),
      },
      ({ bucket }) => summary(bucket, knownProperty(bucket, organizationId, propertyId)),
    );
  }
}
