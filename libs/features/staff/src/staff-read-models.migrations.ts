import { sqlMigration } from '@innkeep/platform/database';

const readers = 'innkeep_api, innkeep_worker';
const keeps = (table: string) => `
select app.protect('${table}');
grant select on ${table} to ${readers};
grant select, insert, update, delete on ${table} to innkeep_projector;`;

/** What lists and statistics are read from. */
export const staffReadModels = sqlMigration(
  1763711000901,
  'create-staff-read-models',
  `
-- Who there is and has been, as this feature has learnt it from events.
create table staff.people (
  bucket smallint not null,
  organization_id bigint not null,
  user_id bigint not null,
  name text,
  joined_on date not null,
  -- Null: all.
  property_ids bigint[],
  primary key (bucket, organization_id, user_id)
);
${keeps('staff.people')}

create table staff.property_names (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  name text not null,
  time_zone text not null,
  primary key (bucket, organization_id, property_id)
);
${keeps('staff.property_names')}

create table staff.attendance (
  bucket smallint not null,
  organization_id bigint not null,
  shift_id uuid not null,
  user_id bigint not null,
  property_id bigint not null,
  business_on date not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  worked_seconds integer not null,
  late_minutes integer,
  is_forgotten boolean not null,
  is_corrected boolean not null,
  began_inside boolean,
  ended_inside boolean,
  -- Where it began and ended, until that is forgotten; by the month under which it is sealed, which a correction does not change.
  began_at_place jsonb,
  ended_at_place jsonb,
  location_month text not null,
  version bigint not null,
  primary key (bucket, organization_id, shift_id)
) with (fillfactor = 90);
create index attendance_by_day on staff.attendance (bucket, organization_id, business_on desc, started_at desc, shift_id desc);
create index attendance_by_property on staff.attendance (bucket, organization_id, property_id, business_on desc, started_at desc, shift_id desc);
create index attendance_by_person on staff.attendance (bucket, organization_id, user_id, business_on desc, started_at desc, shift_id desc);
${keeps('staff.attendance')}

create table staff.correction_list (
  bucket smallint not null,
  organization_id bigint not null,
  correction_id uuid not null,
  shift_id uuid,
  user_id bigint not null,
  property_id bigint not null,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  status text not null,
  requested_by bigint not null,
  requested_at timestamptz not null,
  requested_version bigint not null,
  reason text,
  decided_by bigint,
  decision_reason text,
  primary key (bucket, organization_id, correction_id)
);
create index correction_list_in_order on staff.correction_list (bucket, organization_id, requested_version desc);
create index correction_list_pending on staff.correction_list (bucket, organization_id, requested_version desc) where status = 'pending';
create index correction_list_by_property on staff.correction_list (bucket, organization_id, property_id, requested_version desc);
create index correction_list_by_person on staff.correction_list (bucket, organization_id, user_id, requested_version desc);
${keeps('staff.correction_list')}

create table staff.leave_list (
  bucket smallint not null,
  organization_id bigint not null,
  leave_request_id uuid not null,
  user_id bigint not null,
  property_id bigint not null,
  leave_type_id uuid not null,
  from_on date not null,
  to_on date not null,
  starts_at_noon boolean not null,
  ends_at_noon boolean not null,
  half_days integer not null,
  status text not null,
  requested_by bigint not null,
  requested_at timestamptz not null,
  requested_version bigint not null,
  reason text,
  decided_by bigint,
  decision_reason text,
  primary key (bucket, organization_id, leave_request_id)
);
create index leave_list_in_order on staff.leave_list (bucket, organization_id, requested_version desc);
create index leave_list_pending on staff.leave_list (bucket, organization_id, requested_version desc) where status = 'pending';
create index leave_list_by_property on staff.leave_list (bucket, organization_id, property_id, requested_version desc);
create index leave_list_by_person on staff.leave_list (bucket, organization_id, user_id, requested_version desc);
${keeps('staff.leave_list')}

create table staff.attendance_months (
  bucket smallint not null,
  organization_id bigint not null,
  month text not null,
  property_id bigint not null,
  user_id bigint not null,
  shift_count integer not null,
  worked_seconds bigint not null,
  late_count integer not null,
  forgotten_count integer not null,
  primary key (bucket, organization_id, month, property_id, user_id)
);
${keeps('staff.attendance_months')}

create table staff.leave_months (
  bucket smallint not null,
  organization_id bigint not null,
  month text not null,
  property_id bigint not null,
  user_id bigint not null,
  leave_type_id uuid not null,
  half_days integer not null,
  primary key (bucket, organization_id, month, property_id, user_id, leave_type_id)
);
${keeps('staff.leave_months')}
`,
);
