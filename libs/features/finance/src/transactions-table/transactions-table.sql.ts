import { type Sql, sql } from '@innkeep/platform/database';
import type { ReportRange, ReportTable } from '@innkeep/platform/feature';

const ofRange = ({ bucket, organizationId, propertyId, from, to }: ReportRange): Sql => sql`
  from finance.transactions t
  where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.property_id = ${propertyId}
    and t.business_on between ${from}::date and ${to}::date and t.deleted_at is null`;

/** The expenses and revenues of a property, whatever was decided about them. Only the approved ones are in the totals. */
export const transactionsTable: ReportTable = {
  name: 'transactions',
  title: 'Transactions',
  columns: [
    { name: 'businessDay', title: 'Day', kind: 'day' },
    { name: 'occurredAt', title: 'Time', kind: 'instant' },
    { name: 'kind', title: 'Kind', kind: 'text' },
    { name: 'status', title: 'Status', kind: 'text' },
    { name: 'description', title: 'Description', kind: 'text' },
    { name: 'category', title: 'Category', kind: 'text' },
    { name: 'paymentMode', title: 'Payment', kind: 'text' },
    { name: 'externalReference', title: 'Reference', kind: 'text' },
    { name: 'currency', title: 'Currency', kind: 'text' },
    { name: 'amountCents', title: 'Amount', kind: 'amount' },
    { name: 'id', title: 'Id', kind: 'text' },
  ],
  projections: [],
  count: (range) => sql`select count(*) as count ${ofRange(range)}`,
  rows: (range) => sql`
    select json_build_object('businessDay', t.business_on, 'occurredAt', to_char(t.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'kind', t.kind, 'status', t.status, 'description', t.description, 'category', t.category, 'paymentMode', t.payment_mode,
      'externalReference', t.external_reference, 'currency', t.currency, 'amountCents', t.amount_cents, 'id', t.id) as row
    ${ofRange(range)} order by t.business_on, t.occurred_at, t.id`,
  totals: (range) => sql`
    select json_build_object('kind', t.kind, 'status', 'approved', 'currency', t.currency, 'amountCents', sum(t.amount_cents)) as row
    ${ofRange(range)} and t.status = 'approved' group by t.kind, t.currency order by t.kind desc, t.currency`,
};
