import { sqlMigration } from '@innkeep/platform/database';

/** What is looked at to find the units that are free. */
export const availability = sqlMigration(
  1763711003020,
  'find-free-units',
  `
-- What each unit is called, and whom it takes.
create table guests.unit_particulars (
  bucket smallint not null,
  organization_id bigint not null,
  unit_id uuid not null,
  name text not null,
  unit_type text not null,
  capacity integer not null,
  primary key (bucket, organization_id, unit_id)
);
select app.protect('guests.unit_particulars');
grant select on guests.unit_particulars to innkeep_api, innkeep_worker;
grant select, insert, update, delete on guests.unit_particulars to innkeep_projector;

-- The ends of what is held, as days of their own: behind row-level security no index is asked for the end of a range. Of what a unit has
-- been held for only what is not over is looked at.
alter table guests.unit_holds
  add column starts_on date generated always as (lower(days)) stored,
  add column ends_on date generated always as (upper(days)) stored;
create index unit_holds_by_end on guests.unit_holds (bucket, organization_id, unit_id, ends_on);
`,
);
