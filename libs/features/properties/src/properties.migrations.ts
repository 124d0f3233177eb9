import { sqlMigration } from '@innkeep/platform/database';

export const propertiesMigrations = [
  sqlMigration(
    1763701000000,
    'create-properties',
    `
create schema properties;
grant usage on schema properties to innkeep_api, innkeep_projector, innkeep_worker, innkeep_viewer;

create table properties.properties (
  bucket smallint not null,
  organization_id bigint not null,
  id bigint not null,
  name text not null,
  time_zone text not null,
  currency text not null,
  business_day_starts_at text not null,
  version bigint not null,
  primary key (bucket, organization_id, id)
);
select app.protect('properties.properties');
grant select, insert, update on properties.properties to innkeep_api, innkeep_worker;
`,
  ),
  sqlMigration(
    1763711000620,
    'fix-currencies',
    `
-- Amounts that were recorded say which currency they are in, and reports sum them by property: a property keeps the currency that it
-- was added with, whatever becomes of the code that changes properties.
revoke update on properties.properties from innkeep_api, innkeep_worker;
grant update (name, time_zone, business_day_starts_at, version) on properties.properties to innkeep_api, innkeep_worker;
`,
  ),
  sqlMigration(
    1763711000700,
    'create-units',
    `
-- What of a property is given to one party: a room, an apartment, a bed. The days on which it counts are both included; the periods in
-- which it is out of order are in their order and share no day.
create table properties.units (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  property_id bigint not null,
  name text not null,
  unit_type text not null,
  capacity integer not null check (capacity > 0),
  in_service_from date not null,
  in_service_until date check (in_service_until >= in_service_from),
  out_of_order jsonb not null,
  version bigint not null,
  primary key (bucket, organization_id, id)
);
create unique index units_name on properties.units (bucket, organization_id, property_id, name);
create index units_by_property on properties.units (bucket, organization_id, property_id, id);
select app.protect('properties.units');
grant select, insert, update on properties.units to innkeep_api, innkeep_worker;
`,
  ),
];
