import { sqlMigration } from '@innkeep/platform/database';

export const reportsMigrations = [
  sqlMigration(
    1763704000000,
    'create-reports',
    `
create schema reports;
grant usage on schema reports to innkeep_api, innkeep_projector, innkeep_worker;

-- What was approved on each business day of each property.
create table reports.daily_summary (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  business_on date not null,
  currency text not null,
  received_cents bigint not null,
  expenses_cents bigint not null,
  transaction_count integer not null,
  primary key (bucket, organization_id, property_id, business_on, currency)
) with (fillfactor = 70);
select app.protect('reports.daily_summary');
grant select on reports.daily_summary to innkeep_api, innkeep_worker;
grant select, insert, update, delete on reports.daily_summary to innkeep_projector;

-- The approved transactions of each business day.
create table reports.day_transactions (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  business_on date not null,
  occurred_at timestamptz not null,
  transaction_id uuid not null,
  kind text not null,
  amount_cents bigint not null,
  currency text not null,
  description text not null,
  category text,
  payment_mode text,
  reversal_of uuid,
  primary key (bucket, organization_id, property_id, business_on, occurred_at, transaction_id)
);
select app.protect('reports.day_transactions');
grant select on reports.day_transactions to innkeep_api, innkeep_worker;
grant select, insert, update, delete on reports.day_transactions to innkeep_projector;

-- Currency of each property, so that a day without transactions still says what its zeros are in.
create table reports.property_currencies (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  currency text not null,
  primary key (bucket, organization_id, property_id)
);
select app.protect('reports.property_currencies');
grant select on reports.property_currencies to innkeep_api, innkeep_worker;
grant select, insert, update, delete on reports.property_currencies to innkeep_projector;
`,
  ),
  sqlMigration(
    1763710104000,
    'create-reports-by-month',
    `
-- What was approved in each business month of each property; a month is its first day.
create table reports.monthly_summary (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  month_on date not null check (extract(day from month_on) = 1),
  currency text not null,
  received_cents bigint not null,
  expenses_cents bigint not null,
  transaction_count integer not null,
  primary key (bucket, organization_id, property_id, month_on, currency)
) with (fillfactor = 70);
select app.protect('reports.monthly_summary');
grant select on reports.monthly_summary to innkeep_api, innkeep_worker;
grant select, insert, update, delete on reports.monthly_summary to innkeep_projector;

-- The same by kind and category. A key holds no null: the empty text, which no category is, stands for none.
create table reports.profit_loss (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  month_on date not null check (extract(day from month_on) = 1),
  kind text not null,
  category text not null,
  currency text not null,
  amount_cents bigint not null,
  transaction_count integer not null,
  primary key (bucket, organization_id, property_id, month_on, kind, category, currency)
) with (fillfactor = 70);
select app.protect('reports.profit_loss');
grant select on reports.profit_loss to innkeep_api, innkeep_worker;
grant select, insert, update, delete on reports.profit_loss to innkeep_projector;

-- By which clock each property tells its business day, so that "today" can be asked for all of them at once.
create table reports.property_calendars (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  time_zone text not null,
  business_day_starts_at time not null,
  primary key (bucket, organization_id, property_id)
);
select app.protect('reports.property_calendars');
grant select on reports.property_calendars to innkeep_api, innkeep_worker;
grant select, insert, update, delete on reports.property_calendars to innkeep_projector;
`,
  ),
];
