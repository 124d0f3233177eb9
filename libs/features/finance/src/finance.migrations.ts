import { sqlMigration } from '@innkeep/platform/database';

export const financeMigrations = [
  sqlMigration(
    1763703000000,
    'create-transactions',
    `
create schema finance;
grant usage on schema finance to innkeep_api, innkeep_projector, innkeep_worker, innkeep_viewer;

-- The write model. A deleted row stays as a tombstone: id and version, nothing of what it said.
create table finance.transactions (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  kind text not null check (kind in ('expense', 'revenue')),
  property_id bigint not null,
  amount_cents bigint not null,
  currency text not null,
  description text not null,
  category text,
  payment_mode text,
  occurred_at timestamptz not null,
  business_on date not null,
  status text not null check (status in ('pending', 'approved', 'rejected')),
  external_reference text,
  reversal_of uuid,
  reversed_by uuid,
  recorded_by bigint not null,
  decided_by bigint,
  decided_at timestamptz,
  decision_reason text,
  deleted_at timestamptz,
  version bigint not null,
  primary key (bucket, organization_id, id)
);
create unique index transactions_external_reference on finance.transactions (bucket, organization_id, property_id, external_reference)
  where external_reference is not null;
create unique index transactions_reversal on finance.transactions (bucket, organization_id, reversal_of) where reversal_of is not null;
create index transactions_by_time on finance.transactions (bucket, organization_id, kind, occurred_at desc, id desc) where deleted_at is null;
create index transactions_by_property on finance.transactions (bucket, organization_id, property_id, kind, occurred_at desc, id desc) where deleted_at is null;
create index transactions_by_day on finance.transactions (bucket, organization_id, property_id, business_on) where deleted_at is null;
select app.protect('finance.transactions');
grant select, insert, update on finance.transactions to innkeep_api, innkeep_worker;

-- Names of properties, as this feature has learnt them from events.
create table finance.property_names (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  name text not null,
  primary key (bucket, organization_id, property_id)
);
select app.protect('finance.property_names');
grant select on finance.property_names to innkeep_api, innkeep_worker;
grant select, insert, update, delete on finance.property_names to innkeep_projector;

-- For operations and analytics over all organizations; nobody's own figures are read from it. It is owned by the role that reads
-- views, and refreshed through a function, because row-level security cannot protect a materialized view.
create policy views on finance.transactions for select to innkeep_viewer using (true);
grant select on finance.transactions to innkeep_viewer;
create materialized view finance.finance_daily_summary as
  select bucket, organization_id, property_id, business_on as date, currency,
    coalesce(sum(amount_cents) filter (where kind = 'revenue'), 0)::bigint as revenue_cents,
    coalesce(sum(amount_cents) filter (where kind = 'expense'), 0)::bigint as expense_cents
  from finance.transactions where status = 'approved' and deleted_at is null
  group by bucket, organization_id, property_id, business_on, currency
  with no data;
create unique index on finance.finance_daily_summary (property_id, date, currency);
grant create on schema finance to innkeep_viewer;
alter materialized view finance.finance_daily_summary owner to innkeep_viewer;
revoke create on schema finance from innkeep_viewer;
`,
  ),
  sqlMigration(
    1763710103000,
    'create-pending-approvals',
    `
-- What waits to be approved. It is listed in the order in which it was recorded, which no change alters.
create table finance.pending_approvals (
  bucket smallint not null,
  organization_id bigint not null,
  transaction_id uuid not null,
  kind text not null,
  property_id bigint not null,
  amount_cents bigint not null,
  currency text not null,
  description text not null,
  category text,
  payment_mode text,
  occurred_at timestamptz not null,
  business_on date not null,
  recorded_by bigint,
  recorded_at timestamptz not null,
  recorded_version bigint not null,
  version bigint not null,
  primary key (bucket, organization_id, transaction_id)
) with (fillfactor = 90);
create index pending_approvals_by_property on finance.pending_approvals (bucket, organization_id, property_id, recorded_version);
select app.protect('finance.pending_approvals');
grant select on finance.pending_approvals to innkeep_api, innkeep_worker;
grant select, insert, update, delete on finance.pending_approvals to innkeep_projector;

-- By which clock each property tells its business day, as this feature has learnt it from events.
create table finance.property_calendars (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  time_zone text not null,
  business_day_starts_at time not null,
  primary key (bucket, organization_id, property_id)
);
select app.protect('finance.property_calendars');
grant select on finance.property_calendars to innkeep_api, innkeep_worker;
grant select, insert, update, delete on finance.property_calendars to innkeep_projector;
`,
  ),
  sqlMigration(
    1763710303000,
    'create-finance-views',
    `
-- Further views for operations and analytics, kept like finance_daily_summary. Each has a unique index: without one it could not be
-- refreshed while somebody reads it.
create materialized view finance.finance_monthly_summary as
  select bucket, organization_id, property_id, date_trunc('month', business_on::timestamp)::date as month, currency,
    coalesce(sum(amount_cents) filter (where kind = 'revenue'), 0)::bigint as revenue_cents,
    coalesce(sum(amount_cents) filter (where kind = 'expense'), 0)::bigint as expense_cents,
    count(*) as transaction_count
  from finance.transactions where status = 'approved' and deleted_at is null
  group by 1, 2, 3, 4, 5
  with no data;
create unique index on finance.finance_monthly_summary (property_id, month, currency);

create materialized view finance.finance_daily_report as
  select business_on as date, currency,
    count(distinct organization_id) as organizations, count(distinct property_id) as properties, count(*) as transaction_count,
    coalesce(sum(amount_cents) filter (where kind = 'revenue'), 0)::numeric as revenue_cents,
    coalesce(sum(amount_cents) filter (where kind = 'expense'), 0)::numeric as expense_cents
  from finance.transactions where status = 'approved' and deleted_at is null
  group by 1, 2
  with no data;
create unique index on finance.finance_daily_report (date, currency);

create materialized view finance.finance_monthly_report as
  select date_trunc('month', business_on::timestamp)::date as month, currency,
    count(distinct organization_id) as organizations, count(distinct property_id) as properties, count(*) as transaction_count,
    coalesce(sum(amount_cents) filter (where kind = 'revenue'), 0)::numeric as revenue_cents,
    coalesce(sum(amount_cents) filter (where kind = 'expense'), 0)::numeric as expense_cents
  from finance.transactions where status = 'approved' and deleted_at is null
  group by 1, 2
  with no data;
create unique index on finance.finance_monthly_report (month, currency);

grant create on schema finance to innkeep_viewer;
alter materialized view finance.finance_monthly_summary owner to innkeep_viewer;
alter materialized view finance.finance_daily_report owner to innkeep_viewer;
alter materialized view finance.finance_monthly_report owner to innkeep_viewer;
revoke create on schema finance from innkeep_viewer;
`,
  ),
  sqlMigration(
    1763711000100,
    'remember-when-transactions-were-recorded',
    `
-- When a transaction was recorded, and under which version: in that order it is listed while it is pending. Rows that were decided
-- on before this are not listed so, and have none; of pending ones the log tells, or, for months that are in files, the last change.
alter table finance.transactions add column recorded_version bigint, add column recorded_at timestamptz;
alter table finance.transactions alter column recorded_at set default clock_timestamp();
alter table finance.transactions no force row level security;
update finance.transactions t set recorded_version = t.version, recorded_at = t.occurred_at where t.status = 'pending' and t.deleted_at is null;
update finance.transactions t set recorded_version = l.version, recorded_at = l.recorded_at from events.log l
  where (l.bucket, l.organization_id, l.entity_id) = (t.bucket, t.organization_id, t.id::text) and l.type = 'TransactionRecorded'
    and t.status = 'pending' and t.deleted_at is null;
alter table finance.transactions force row level security;
`,
  ),
];
