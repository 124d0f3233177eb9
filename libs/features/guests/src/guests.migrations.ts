import { sqlMigration } from '@innkeep/platform/database';
import { availability } from './availability.migrations';
import { guestWords } from './guest-words.migrations';
import { longStays } from './stay-days.migrations';

export const guestsMigrations = [
  sqlMigration(
    1763711000710,
    'create-stays',
    `
create schema guests;
grant usage on schema guests to innkeep_api, innkeep_projector, innkeep_worker, innkeep_viewer;

-- The write model. A guest who is erased leaves the stay, which counts, without a word of who it was.
create table guests.stays (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  property_id bigint not null,
  status text not null check (status in ('expected', 'in-house', 'departed', 'cancelled')),
  guest_name text,
  email text,
  phone text,
  country text,
  adults integer not null,
  children integer not null,
  unit_ids uuid[] not null,
  arrives_on date not null,
  departs_on date not null check (departs_on >= arrives_on),
  arrived_on date,
  departed_on date check (departed_on >= arrived_on),
  checked_in_at timestamptz,
  checked_out_at timestamptz,
  cancelled_at timestamptz,
  cancellation_reason text,
  external_reference text,
  erased_at timestamptz,
  version bigint not null,
  primary key (bucket, organization_id, id),
  check (adults >= 0 and children >= 0 and adults + children > 0),
  check ((arrived_on is null) = (status in ('expected', 'cancelled'))),
  check ((departed_on is null) = (status <> 'departed'))
) with (fillfactor = 90);
create unique index stays_external_reference on guests.stays (bucket, organization_id, property_id, external_reference)
  where external_reference is not null;
create index stays_by_property on guests.stays (bucket, organization_id, property_id, id desc);
create index stays_by_arrival on guests.stays (bucket, organization_id, property_id, (coalesce(arrived_on, arrives_on)), id);
create index stays_by_departure on guests.stays (bucket, organization_id, property_id, (coalesce(departed_on, departs_on)), id);
create index stays_in_house on guests.stays (bucket, organization_id, property_id, id) where status = 'in-house';
select app.protect('guests.stays');
grant select, insert, update on guests.stays to innkeep_api, innkeep_worker;

-- Which units are kept for which stay on which days, from the first up to and without the last. No unit is two parties' on one day, and
-- no two parties are in it, whatever their days say: a range over one id makes the comparison one that the index knows.
create type guests.unit_range as range (subtype = uuid);
create table guests.unit_holds (
  bucket smallint not null,
  organization_id bigint not null,
  stay_id uuid not null,
  unit_id uuid not null,
  days daterange not null,
  is_in_house boolean not null,
  primary key (bucket, organization_id, stay_id, unit_id),
  constraint unit_holds_nights exclude using gist (guests.unit_range(unit_id, unit_id, '[]') with &&, days with &&)
);
create unique index unit_holds_in_house on guests.unit_holds (bucket, organization_id, unit_id) where is_in_house;
select app.protect('guests.unit_holds');
grant select, insert, update, delete on guests.unit_holds to innkeep_api, innkeep_worker;

-- What documents say of guests, each field sealed with the key of the guest, and until when it may be kept.
create table guests.identities (
  bucket smallint not null,
  organization_id bigint not null,
  stay_id uuid not null,
  document_type text not null,
  number_ending text not null,
  boxes jsonb not null,
  ends_at timestamptz not null,
  primary key (bucket, organization_id, stay_id)
);
create index identities_by_end on guests.identities (ends_at);
select app.protect('guests.identities');
grant select, insert, update, delete on guests.identities to innkeep_api, innkeep_worker;

-- What became of each identity, and who was shown it. Nobody changes or removes an entry.
create table guests.identity_trail (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  stay_id uuid not null,
  property_id bigint not null,
  what text not null check (what in ('kept', 'changed', 'viewed', 'removed', 'erased')),
  by_user_id bigint,
  purpose text,
  at timestamptz not null default clock_timestamp(),
  primary key (bucket, organization_id, id)
);
create index identity_trail_by_stay on guests.identity_trail (bucket, organization_id, stay_id, id);
select app.protect('guests.identity_trail');
grant select, insert on guests.identity_trail to innkeep_api, innkeep_worker;

-- Identities whose time is over, of all organizations, as keys. Those of parties in house have no end.
create policy looking on guests.identities for select to innkeep_migrator using (true);
create function guests.identities_due(p_now timestamptz, p_limit integer) returns table (organization_id bigint, id text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.organization_id, i.stay_id::text from guests.identities i where i.ends_at <= p_now order by i.ends_at limit p_limit $$;
revoke all on function guests.identities_due(timestamptz, integer) from public;
grant execute on function guests.identities_due(timestamptz, integer) to innkeep_worker;
`,
  ),
  sqlMigration(
    1763711000711,
    'create-guests-read-models',
    `
-- What of a stay counts over days, as its last event says.
create table guests.stay_days (
  bucket smallint not null,
  organization_id bigint not null,
  stay_id uuid not null,
  property_id bigint not null,
  status text not null,
  unit_count integer not null,
  party_size integer not null,
  arrives_on date not null,
  departs_on date not null,
  arrived_on date,
  departed_on date,
  primary key (bucket, organization_id, stay_id)
) with (fillfactor = 90);
-- By the last day that a stay is about: what is over before a range of days is never looked at.
create index stay_days_by_end on guests.stay_days (bucket, organization_id, property_id, (greatest(departs_on, departed_on)));
select app.protect('guests.stay_days');
grant select on guests.stay_days to innkeep_api, innkeep_worker;
grant select, insert, update, delete on guests.stay_days to innkeep_projector;

-- On which days a unit counts, and on which of them it is out of order.
create table guests.unit_days (
  bucket smallint not null,
  organization_id bigint not null,
  unit_id uuid not null,
  property_id bigint not null,
  in_service daterange not null,
  out_of_order datemultirange not null,
  primary key (bucket, organization_id, unit_id)
);
create index unit_days_by_property on guests.unit_days (bucket, organization_id, property_id);
select app.protect('guests.unit_days');
grant select on guests.unit_days to innkeep_api, innkeep_worker;
grant select, insert, update, delete on guests.unit_days to innkeep_projector;

-- Which properties there are, and by which clock each tells its business day.
create table guests.property_calendars (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  time_zone text not null,
  business_day_starts_at time not null,
  primary key (bucket, organization_id, property_id)
);
select app.protect('guests.property_calendars');
grant select on guests.property_calendars to innkeep_api, innkeep_worker;
grant select, insert, update, delete on guests.property_calendars to innkeep_projector;
`,
  ),
  sqlMigration(
    1763711001610,
    'create-document-trail',
    `
-- What became of the documents of guests, and who was shown them. Built from the events, in which it stays.
create table guests.document_trail (
  bucket smallint not null,
  organization_id bigint not null,
  version bigint not null,
  stay_id uuid not null,
  document_id uuid not null,
  what text not null,
  by_user_id bigint,
  purpose text,
  at timestamptz not null,
  primary key (bucket, organization_id, version)
);
create index document_trail_by_stay on guests.document_trail (bucket, organization_id, stay_id, version);
select app.protect('guests.document_trail');
grant select on guests.document_trail to innkeep_api, innkeep_worker;
grant select, insert, update, delete on guests.document_trail to innkeep_projector;
`,
  ),
  sqlMigration(
    1763711002010,
    'find-stays-by-day',
    `
-- Behind row-level security an index is asked for a condition only if the planner knows that it tells nothing of other organizations' rows.
-- That it knows of "case" and not of "coalesce": lists of a day looked at all stays that the property ever had.
drop index guests.stays_by_arrival;
drop index guests.stays_by_departure;
create index stays_by_arrival on guests.stays
  (bucket, organization_id, property_id, (case when arrived_on is null then arrives_on else arrived_on end), id);
create index stays_by_departure on guests.stays
  (bucket, organization_id, property_id, (case when departed_on is null then departs_on else departed_on end), id);
`,
  ),
  longStays,
  availability,
  guestWords,
];
