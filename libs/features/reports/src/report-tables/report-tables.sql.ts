import { type Sql, rawSql, sql } from '@innkeep/platform/database';
import type { ReportColumn, ReportRange, ReportTable } from '@innkeep/platform/feature';

const sums: readonly ReportColumn[] = [
  { name: 'currency', title: 'Currency', kind: 'text' },
  { name: 'receivedCents', title: 'Received', kind: 'amount' },
  { name: 'expensesCents', title: 'Expenses', kind: 'amount' },
  { name: 'netCents', title: 'Net', kind: 'amount' },
  { name: 'transactionCount', title: 'Transactions', kind: 'count' },
];

const summed = rawSql(`'currency', currency, 'receivedCents', sum(received_cents), 'expensesCents', sum(expenses_cents),
  'netCents', sum(received_cents) - sum(expenses_cents), 'transactionCount', sum(transaction_count)`);

const days = ({ bucket, organizationId, propertyId, from, to }: ReportRange): Sql => sql`
  from reports.daily_summary where bucket = ${bucket} and organization_id = ${organizationId} and property_id = ${propertyId}
    and business_on between ${from}::date and ${to}::date`;

/** The days of a range, put together by a part of the date. */
const byDay = (part: Sql, name: string) => ({
  columns: sums,
  projections: ['reports_daily_summary'],
  count: (range: ReportRange) =>
    sql`select count(*) as count from (select 1 ${days(range)} group by ${part}, currency) g`,
  rows: (range: ReportRange) => sql`
    select json_build_object(${rawSql(`'${name}'`)}, ${part}, ${summed}) as row ${days(range)} group by ${part}, currency order by ${part}, currency`,
  totals: (range: ReportRange) =>
    sql`select json_build_object(${summed}) as row ${days(range)} group by currency order by currency`,
});

/** What a property received and spent, day by day. */
export const dailyReportTable: ReportTable = {
  ...byDay(rawSql('business_on'), 'date'),
  name: 'daily-report',
  title: 'Daily report',
  columns: [{ name: 'date', title: 'Day', kind: 'day' }, ...sums],
};

/** The same by month: of a month that is only partly in the range that part. */
export const monthlyReportTable: ReportTable = {
  ...byDay(rawSql(`to_char(business_on, 'YYYY-MM')`), 'month'),
  name: 'monthly-report',
  title: 'Monthly report',
  columns: [{ name: 'month', title: 'Month', kind: 'month' }, ...sums],
};

const categories = ({ bucket, organizationId, propertyId, from, to }: ReportRange): Sql => sql`
  from reports.day_transactions where bucket = ${bucket} and organization_id = ${organizationId} and property_id = ${propertyId}
    and business_on between ${from}::date and ${to}::date`;

const grouped = rawSql(`to_char(business_on, 'YYYY-MM'), kind, category, currency`);

/** What each category brought in or cost, month by month. */
export const profitLossTable: ReportTable = {
  name: 'profit-loss',
  title: 'Profit and loss',
  columns: [
    { name: 'month', title: 'Month', kind: 'month' },
    { name: 'kind', title: 'Kind', kind: 'text' },
    { name: 'category', title: 'Category', kind: 'text' },
    { name: 'currency', title: 'Currency', kind: 'text' },
    { name: 'amountCents', title: 'Amount', kind: 'amount' },
    { name: 'transactionCount', title: 'Transactions', kind: 'count' },
  ],
  projections: ['reports_day_transactions'],
  count: (range) => sql`select count(*) as count from (select 1 ${categories(range)} group by ${grouped}) g`,
  rows: (range) => sql`
    select json_build_object('month', to_char(business_on, 'YYYY-MM'), 'kind', kind, 'category', category, 'currency', currency,
      'amountCents', sum(amount_cents), 'transactionCount', count(*)) as row
    ${categories(range)} group by ${grouped} order by to_char(business_on, 'YYYY-MM'), kind desc, category collate "C" nulls last, currency`,
  totals: (range) => sql`
    select json_build_object('kind', 'net', 'currency', currency,
      'amountCents', sum(case kind when 'revenue' then amount_cents else -amount_cents end), 'transactionCount', count(*)) as row
    ${categories(range)} group by currency order by currency`,
};
