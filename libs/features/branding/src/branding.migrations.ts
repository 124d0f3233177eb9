import { sqlMigration } from '@innkeep/platform/database';

export const brandingMigrations = [
  sqlMigration(
    1763711001020,
    'create-branding',
    `
create schema branding;
grant usage on schema branding to innkeep_api, innkeep_projector, innkeep_worker, innkeep_viewer;

-- What an organization looks like; without a row as from the start.
create table branding.themes (
  bucket smallint not null,
  organization_id bigint not null,
  name text,
  colors jsonb not null,
  font text not null,
  version bigint not null,
  primary key (bucket, organization_id)
);
select app.protect('branding.themes');
grant select, insert, update on branding.themes to innkeep_api;
grant select on branding.themes to innkeep_worker;
`,
  ),
  sqlMigration(
    1763711001900,
    'add-logos',
    `
-- A document of the kind logo. What became of it the documents know: a theme may name one that is gone.
alter table branding.themes add logo_id uuid;
`,
  ),
];
