import { sqlMigration } from '@innkeep/platform/database';

const ofProjection = (table: string) => `select app.protect('${table}');
grant select on ${table} to innkeep_api, innkeep_worker;
grant select, insert, update, delete on ${table} to innkeep_projector;`;

export const analyticsMigrations = [
  sqlMigration(
    1763711001400,
    'create-analytics',
    `
create schema analytics;
grant usage on schema analytics to innkeep_api, innkeep_projector, innkeep_worker;

-- Which properties there are, and in which currency they count.
create table analytics.properties (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  currency text not null,
  primary key (bucket, organization_id, property_id)
);
${ofProjection('analytics.properties')}

-- What was approved on each business day.
create table analytics.days (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  business_on date not null,
  currency text not null,
  revenue_cents bigint not null,
  -- What of it is for nights, without tax.
  room_revenue_cents bigint not null,
  expenses_cents bigint not null,
  primary key (bucket, organization_id, property_id, business_on, currency)
);
${ofProjection('analytics.days')}

-- The units of the properties: when each of them is to be sold.
create table analytics.units (
  bucket smallint not null,
  organization_id bigint not null,
  unit_id text not null,
  property_id bigint not null,
  in_service_from date not null,
  in_service_until date,
  out_of_order jsonb not null,
  primary key (bucket, organization_id, unit_id)
);
create index on analytics.units (bucket, organization_id, property_id);
${ofProjection('analytics.units')}

-- Stays of parties that have arrived, and the nights that they fill: from arrived_on up to departed_on, which is none of them.
create table analytics.stays (
  bucket smallint not null,
  organization_id bigint not null,
  stay_id text not null,
  property_id bigint not null,
  arrived_on date not null,
  departed_on date not null,
  unit_count integer not null,
  primary key (bucket, organization_id, stay_id)
);
create index on analytics.stays (bucket, organization_id, property_id, departed_on);
${ofProjection('analytics.stays')}
`,
  ),
  sqlMigration(
    1763711003011,
    'find-long-stays-of-analytics',
    `
-- Stays longer than any that is agreed on: whoever looks at early days need not look through what came later.
create index stays_long on analytics.stays (bucket, organization_id, property_id, departed_on)
  where departed_on - arrived_on > 400;
`,
  ),
];
