import { sqlMigration } from '@innkeep/platform/database';
import { leaveAccrual } from './leave-type.migrations';
import { staffReadModels } from './staff-read-models.migrations';

export const staffMigrations = [
  sqlMigration(
    1763711000900,
    'create-staff',
    `
create schema staff;
grant usage on schema staff to innkeep_api, innkeep_projector, innkeep_worker;

-- Nothing in the tables that commands save is a word of somebody or a place where somebody was: that is in events, sealed, and in read
-- models, which forget it with its subject. Hours stay.
create table staff.shifts (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  user_id bigint not null,
  property_id bigint not null,
  business_on date not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  closes_at timestamptz not null,
  worked_seconds integer not null,
  late_minutes integer,
  is_forgotten boolean not null,
  is_corrected boolean not null,
  began_inside boolean,
  ended_inside boolean,
  version bigint not null,
  primary key (bucket, organization_id, id)
);
-- Nobody is in two places at once, whatever two requests have seen.
create unique index shifts_open on staff.shifts (bucket, organization_id, user_id) where ended_at is null;
create index shifts_by_person on staff.shifts (bucket, organization_id, user_id, started_at desc);
create index shifts_closing on staff.shifts (closes_at) where ended_at is null;
select app.protect('staff.shifts');
grant select, insert, update on staff.shifts to innkeep_api, innkeep_worker;

create table staff.corrections (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  shift_id uuid,
  user_id bigint not null,
  property_id bigint not null,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  status text not null check (status in ('pending', 'approved', 'rejected')),
  requested_by bigint not null,
  decided_by bigint,
  version bigint not null,
  primary key (bucket, organization_id, id)
);
create unique index corrections_pending on staff.corrections (bucket, organization_id, shift_id) where status = 'pending';
select app.protect('staff.corrections');
grant select, insert, update on staff.corrections to innkeep_api, innkeep_worker;

create table staff.property_rules (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  rules jsonb not null,
  version bigint not null,
  primary key (bucket, organization_id, property_id)
);
select app.protect('staff.property_rules');
grant select, insert, update on staff.property_rules to innkeep_api, innkeep_worker;

-- Of which months it is known where somebody was, and when that is over.
create table staff.location_months (
  bucket smallint not null,
  organization_id bigint not null,
  user_id bigint not null,
  month text not null,
  forget_at timestamptz not null,
  primary key (bucket, organization_id, user_id, month)
);
create index location_months_due on staff.location_months (forget_at);
select app.protect('staff.location_months');
grant select, insert, update, delete on staff.location_months to innkeep_api, innkeep_worker;

create table staff.leave_types (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  name text not null,
  is_paid boolean not null,
  half_days_per_year integer,
  carry_over_half_days integer not null,
  is_retired boolean not null,
  version bigint not null,
  primary key (bucket, organization_id, id)
);
create unique index leave_types_name on staff.leave_types (bucket, organization_id, lower(name)) where not is_retired;
select app.protect('staff.leave_types');
grant select, insert, update on staff.leave_types to innkeep_api;
grant select on staff.leave_types to innkeep_worker;

create table staff.leave_grants (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  user_id bigint not null,
  leave_type_id uuid not null,
  year smallint not null,
  half_days integer not null,
  granted_by bigint not null,
  granted_at timestamptz not null default now(),
  version bigint not null,
  primary key (bucket, organization_id, id)
);
create index leave_grants_by_person on staff.leave_grants (bucket, organization_id, user_id, leave_type_id, year);
select app.protect('staff.leave_grants');
grant select, insert on staff.leave_grants to innkeep_api;
grant select on staff.leave_grants to innkeep_worker;

create table staff.leave_requests (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  user_id bigint not null,
  property_id bigint not null,
  leave_type_id uuid not null,
  from_on date not null,
  to_on date not null,
  starts_at_noon boolean not null,
  ends_at_noon boolean not null,
  half_days integer not null,
  months jsonb not null,
  status text not null check (status in ('pending', 'approved', 'rejected', 'cancelled')),
  requested_by bigint not null,
  decided_by bigint,
  version bigint not null,
  primary key (bucket, organization_id, id)
);
create index leave_requests_by_person on staff.leave_requests (bucket, organization_id, user_id, from_on);
select app.protect('staff.leave_requests');
grant select, insert, update on staff.leave_requests to innkeep_api;
grant select on staff.leave_requests to innkeep_worker;

-- What is due of all organizations, as keys: the rows themselves are looked at one organization at a time.
create policy looking on staff.shifts for select to innkeep_migrator using (true);
create function staff.forgotten_shifts(p_now timestamptz, p_limit integer) returns table (organization_id bigint, id text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.organization_id, s.id::text from staff.shifts s
  where s.ended_at is null and s.closes_at <= p_now order by s.closes_at limit p_limit $$;

-- Whoever was erased has been nowhere: what is known of their places goes soon after them, and that of others when its time is over.
create index subject_keys_erased on privacy.subject_keys (erased_at) where erased_at is not null;
create policy looking on staff.location_months for select to innkeep_migrator using (true);
create function staff.places_to_forget(p_now timestamptz, p_limit integer) returns table (organization_id bigint, id text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select organization_id, id from (
    select l.organization_id, l.user_id || '.' || l.month as id, l.forget_at as due_at from staff.location_months l
    where l.forget_at <= p_now
    union all
    -- Of older erasures nothing is left: whatever was missed went by its own time.
    select l.organization_id, l.user_id || '.' || l.month, k.erased_at from privacy.subject_keys k join staff.location_months l
      on l.bucket = k.bucket and l.organization_id = k.organization_id and 'user:' || l.user_id = k.subject
    where k.erased_at > p_now - interval '150 days' and l.forget_at > p_now
  ) due order by due_at limit p_limit $$;
revoke all on function staff.forgotten_shifts(timestamptz, integer), staff.places_to_forget(timestamptz, integer) from public;
grant execute on function staff.forgotten_shifts(timestamptz, integer), staff.places_to_forget(timestamptz, integer) to innkeep_worker;

-- The worker erases subjects whose time is over, as the API erases those who ask for it.
grant update (wrapped_key, master_key, erased_at) on privacy.subject_keys to innkeep_worker;
`,
  ),
  staffReadModels,
  leaveAccrual,
];
