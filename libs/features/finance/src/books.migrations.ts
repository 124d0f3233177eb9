import { sqlMigration } from '@innkeep/platform/database';

/** What an organization lays down for its books, and the days that it has closed. */
export const booksMigrations = [
  sqlMigration(
    1763711001100,
    'keep-rules-of-finance',
    `
-- Categories of an organization. What transactions say is the name, so it is never changed; what is out of use is archived.
create table finance.categories (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  kind text not null check (kind in ('expense', 'revenue')),
  name text not null,
  archived_at timestamptz,
  version bigint not null,
  primary key (bucket, organization_id, id)
);
create unique index categories_name on finance.categories (bucket, organization_id, kind, lower(name));
select app.protect('finance.categories');
grant select, insert, update on finance.categories to innkeep_api;
grant select on finance.categories to innkeep_worker;

-- Rates of tax. A rate is never changed: transactions hold what it made of them, so a new one is added and this one removed. Null: for
-- all properties, kinds, categories.
create table finance.taxes (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  name text not null,
  property_id bigint,
  kind text check (kind in ('expense', 'revenue')),
  category text,
  rate_basis_points integer not null check (rate_basis_points between 0 and 10000),
  is_inclusive boolean not null,
  effective_on date not null,
  removed_at timestamptz,
  version bigint not null,
  primary key (bucket, organization_id, id)
);
select app.protect('finance.taxes');
grant select, insert, update on finance.taxes to innkeep_api;
grant select on finance.taxes to innkeep_worker;

-- Who approves what. Never changed either: chains that have begun hold their own copy.
create table finance.approval_rules (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  property_id bigint,
  kind text check (kind in ('expense', 'revenue')),
  currency text not null,
  from_cents bigint not null check (from_cents >= 0),
  to_cents bigint check (to_cents > from_cents),
  roles text[] not null check (cardinality(roles) between 1 and 5),
  forbids_own boolean not null,
  timeout_hours integer check (timeout_hours between 1 and 8760),
  on_timeout text check (on_timeout in ('escalate', 'reject')),
  removed_at timestamptz,
  version bigint not null,
  primary key (bucket, organization_id, id),
  check ((timeout_hours is null) = (on_timeout is null))
);
select app.protect('finance.approval_rules');
grant select, insert, update on finance.approval_rules to innkeep_api;
grant select on finance.approval_rules to innkeep_worker;
`,
  ),
  sqlMigration(
    1763711001110,
    'close-business-days',
    `
-- Business days that were closed, and perhaps reopened. A day that was never closed has no row.
create table finance.days (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  property_id bigint not null,
  business_on date not null,
  status text not null check (status in ('closed', 'reopened')),
  counts jsonb not null,
  note text,
  closings integer not null,
  closed_by bigint not null,
  closed_at timestamptz not null,
  reopened_by bigint,
  reopened_at timestamptz,
  reopen_reason text,
  version bigint not null,
  primary key (bucket, organization_id, id)
);
create unique index days_by_day on finance.days (bucket, organization_id, property_id, business_on);
create index days_in_order on finance.days (bucket, organization_id, business_on desc, id desc);
select app.protect('finance.days');
grant select, insert, update on finance.days to innkeep_api;
grant select on finance.days to innkeep_worker;
`,
  ),
  sqlMigration(
    1763711001120,
    'add-tax-and-chain-to-transactions',
    `
-- What of a transaction is tax, and who has to approve it: both as they were when it was recorded. When the step that is waited for
-- times out stands beside, to be found by.
alter table finance.transactions add column tax jsonb, add column approval jsonb, add column approval_due_at timestamptz;
alter table finance.pending_approvals add column tax jsonb, add column approval jsonb;
`,
  ),
  sqlMigration(
    1763711001130,
    'find-approvals-that-time-out',
    `
create index transactions_approval_due on finance.transactions (approval_due_at)
  where status = 'pending' and deleted_at is null and approval_due_at is not null;

-- What was waited for too long in all organizations, as keys: the rows themselves are looked at one organization at a time.
create policy looking on finance.transactions for select to innkeep_migrator using (true);
create function finance.due_approvals(p_now timestamptz, p_limit integer) returns table (organization_id bigint, id text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.organization_id, t.id::text from finance.transactions t
  where t.status = 'pending' and t.deleted_at is null and t.approval_due_at <= p_now order by t.approval_due_at limit p_limit $$;
revoke all on function finance.due_approvals(timestamptz, integer) from public;
grant execute on function finance.due_approvals(timestamptz, integer) to innkeep_worker;
`,
  ),
  sqlMigration(
    1763711001140,
    'audit-balances-and-import-files',
    `
-- What each business day moved in each payment mode. A key holds no null: the empty text, which no payment mode is, stands for none.
create table finance.mode_days (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  payment_mode text not null,
  currency text not null,
  business_on date not null,
  received_cents bigint not null,
  expenses_cents bigint not null,
  primary key (bucket, organization_id, property_id, payment_mode, currency, business_on)
) with (fillfactor = 70);
select app.protect('finance.mode_days');
grant select on finance.mode_days to innkeep_api, innkeep_worker;
grant select, insert, update, delete on finance.mode_days to innkeep_projector;

-- Files that were imported, and what became of them.
create table finance.imports (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  kind text not null check (kind in ('expense', 'revenue')),
  property_id bigint not null,
  row_count integer not null,
  recorded_count integer not null,
  known_count integer not null,
  sha256 text not null,
  imported_by bigint not null,
  imported_at timestamptz not null,
  version bigint not null,
  primary key (bucket, organization_id, id)
);
select app.protect('finance.imports');
grant select, insert on finance.imports to innkeep_api;
grant select on finance.imports to innkeep_worker;
`,
  ),
];
