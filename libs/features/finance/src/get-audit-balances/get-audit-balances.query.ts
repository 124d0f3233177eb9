import { type Principal, PropertyPort } from '@innkeep/contracts';
import { Reader, type Snapshot, type Sql, rawSql, sql } from '@innkeep/platform/database';
import { dayParameter, propertyIdParameter, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { isProperty, knownProperty } from '../transaction.sql';

export const auditBalancesQuery = z.strictObject({
  propertyId: propertyIdParameter,
  from: dayParameter.describe('First business day'),
  to: dayParameter.describe('Last business day; at most 366 days, both included'),
});

const moved = {
  openingCents: shapes.cents.meta({ example: 200_00 }),
  receivedCents: shapes.cents.meta({ example: 98_00 }),
  expensesCents: shapes.cents.meta({ example: 12_50 }),
  closingCents: shapes.cents.describe('Opening, and received less expenses').meta({ example: 285_50 }),
};

/** What every payment mode held and moved, day by day, beside what was counted. */
export const auditBalancesAnswer = z.object({
  propertyId: shapes.numericId,
  from: shapes.day,
  to: shapes.day,
  balances: z.array(
    z.object({
      paymentMode: shapes.text('cash').nullable(),
      currency: shapes.currency,
      ...moved,
      differenceCents: shapes.cents.describe('Of all days that were counted').meta({ example: -50 }),
      days: z
        .array(
          z.object({
            businessDay: shapes.day,
            ...moved,
            status: z.enum(['open', 'closed', 'reopened']).meta({ example: 'closed' }),
            countedCents: shapes.cents.nullable().describe('Of what the day moved').meta({ example: 85_00 }),
            differenceCents: shapes.cents
              .nullable()
              .describe('Counted less what the day has moved by now')
              .meta({ example: -50 }),
          }),
        )
        .describe('Days on which nothing moved and nothing was counted are left out'),
    }),
  ),
});

interface BalancesRow {
  readonly body: z.output<typeof auditBalancesAnswer>;
  readonly isKnown: boolean;
}

/** Opening, movements and closing of a property's payment modes over a range of business days, against what was counted. */
export class GetAuditBalances extends Query<Snapshot<BalancesRow>> {
  constructor(
    readonly principal: Principal,
    readonly filter: z.output<typeof auditBalancesQuery>,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

const readModel = rawSql('finance.mode_days');

/** The same from the transactions themselves. */
const writeModel =
  rawSql(`(select bucket, organization_id, property_id, coalesce(payment_mode, '') as payment_mode, currency, business_on,
    coalesce(sum(cents) filter (where kind = 'revenue'), 0) as received_cents, coalesce(sum(cents) filter (where kind = 'expense'), 0) as expenses_cents
  from (select *, coalesce((tax->>'grossCents')::bigint, amount_cents) as cents from finance.transactions
    where status = 'approved' and deleted_at is null) t
  group by 1, 2, 3, 4, 5, 6)`);

/** The members of a balance, from the columns of the row named. */
const members = (row: string) =>
  rawSql(`'openingCents', ${row}.opening, 'receivedCents', ${row}.received, 'expensesCents', ${row}.spent,
    'closingCents', ${row}.opening + ${row}.received - ${row}.spent`);

@QueryHandler(GetAuditBalances)
export class GetAuditBalancesHandler implements IQueryHandler<GetAuditBalances> {
  constructor(
    private readonly reader: Reader,
    private readonly properties: PropertyPort,
  ) {}

  execute({ principal, filter, minPosition, tags }: GetAuditBalances): Promise<Snapshot<BalancesRow>> {
    const { organizationId } = principal;
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections: ['finance_mode_days', 'finance_property_names'],
        readsState: true,
        direct: async (port) =>
          balances(
            { bucket: port.bucket, organizationId, ...filter },
            writeModel,
            await isProperty(port, this.properties, filter.propertyId),
          ),
      },
      ({ bucket }) =>
        balances(
          { bucket, organizationId, ...filter },
          readModel,
          knownProperty(bucket, organizationId, filter.propertyId),
        ),
    );
  }
}

interface Asked extends z.output<typeof auditBalancesQuery> {
  readonly bucket: number;
  readonly organizationId: number;
}

const balances = ({ bucket, organizationId, propertyId, from, to }: Asked, days: Sql, isKnown: Sql): Sql => sql`
  with movements as (
    select payment_mode, currency, business_on, received_cents, expenses_cents from ${days} m
    where m.bucket = ${bucket} and m.organization_id = ${organizationId} and m.property_id = ${propertyId} and m.business_on <= ${to}::date
  ),
  before as (
    select payment_mode, currency, sum(received_cents - expenses_cents) as opening from movements where business_on < ${from}::date
    group by payment_mode, currency
  ),
  counted as (
    select coalesce(c."paymentMode", '') as payment_mode, c.currency, d.business_on, d.status, c."countedCents" as cents
    from finance.days d, jsonb_to_recordset(d.counts) as c("paymentMode" text, currency text, "countedCents" bigint)
    where d.bucket = ${bucket} and d.organization_id = ${organizationId} and d.property_id = ${propertyId}
      and d.business_on between ${from}::date and ${to}::date
  ),
  of_day as (
    select payment_mode, currency, business_on, coalesce(m.received_cents, 0) as received, coalesce(m.expenses_cents, 0) as spent, c.status,
      c.cents as counted
    from (select * from movements where business_on >= ${from}::date) m
    full join counted c using (payment_mode, currency, business_on)
  ),
  running as (
    select d.*, coalesce(b.opening, 0) + sum(d.received - d.spent) over (partition by payment_mode, currency order by d.business_on)
      - (d.received - d.spent) as opening, d.counted - (d.received - d.spent) as difference
    from of_day d left join before b using (payment_mode, currency)
  ),
  summed as (
    select payment_mode, currency, coalesce(max(b.opening), 0) as opening, coalesce(sum(r.received), 0) as received,
      coalesce(sum(r.spent), 0) as spent, coalesce(sum(r.difference), 0) as difference,
      coalesce(json_agg(json_build_object('businessDay', r.business_on, ${members('r')},
        'status', coalesce(r.status, 'open'), 'countedCents', r.counted, 'differenceCents', r.difference)
        order by r.business_on) filter (where r.business_on is not null), '[]') as days
    from before b full join running r using (payment_mode, currency)
    group by payment_mode, currency
  )
  select json_build_object('propertyId', ${propertyId}::bigint, 'from', ${from}::date, 'to', ${to}::date, 'balances',
      coalesce(json_agg(json_build_object('paymentMode', nullif(payment_mode, ''), 'currency', currency, ${members('s')},
        'differenceCents', difference, 'days', days) order by currency, payment_mode), '[]')) as body,
    ${isKnown} as "isKnown"
  from summed s`;
