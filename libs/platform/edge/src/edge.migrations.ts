import { sqlMigration } from '@innkeep/platform/database';

export const edgeMigrations = [
  sqlMigration(
    1763700003000,
    'create-purge-asks',
    `
create schema edge;
grant usage on schema edge to innkeep_api, innkeep_projector, innkeep_worker;

-- Purges asked for and not confirmed, one row for each tag and provider, merged. The generation counts the asks: a confirmation
-- removes a row only if nothing was asked since the purge it confirms was sent.
create table edge.purge_asks (
  bucket smallint not null,
  organization_id bigint not null,
  provider text not null,
  tag text not null,
  generation bigint not null default 1,
  asked_at timestamptz not null default clock_timestamp(),
  due_at timestamptz not null,
  repeats_left smallint not null default 1,
  attempts integer not null default 0,
  last_error text,
  primary key (bucket, organization_id, provider, tag)
);
create index on edge.purge_asks (provider, due_at);
alter table edge.purge_asks enable row level security;
alter table edge.purge_asks force row level security;
create policy organization on edge.purge_asks to innkeep_api using (organization_id = (select app.organization_id()))
  with check (organization_id = (select app.organization_id()));
-- The worker drains the asks of all organizations in one batch.
create policy every_organization on edge.purge_asks to innkeep_projector, innkeep_worker using (true) with check (true);
grant select on edge.purge_asks to innkeep_api;
grant select, insert, update on edge.purge_asks to innkeep_projector;
grant select, insert, update, delete on edge.purge_asks to innkeep_worker;
`,
  ),
];
