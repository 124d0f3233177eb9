import { sqlMigration } from './migrations';

/** Public files by the hash in their address: enough to find the organization that one belongs to. */
export const directoryAssetsMigration = sqlMigration(
  1763711000802,
  'create-directory-assets',
  `
-- Public files, by the hash in their address. Whether one is still public is for the organization to say.
create table directory.assets (
  hash text primary key,
  organization_id bigint not null references directory.organizations on delete cascade
);
create index on directory.assets (organization_id);

create function directory.add_asset(p_hash text, p_organization_id bigint) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$ insert into directory.assets values (p_hash, p_organization_id) on conflict do nothing $$;

create function directory.find_asset(p_hash text) returns bigint
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select organization_id from directory.assets where hash = p_hash $$;

create function directory.forget_asset(p_hash text, p_organization_id bigint) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$ delete from directory.assets where hash = p_hash and organization_id = p_organization_id $$;

revoke all on function directory.add_asset(text, bigint), directory.find_asset(text), directory.forget_asset(text, bigint) from public;
grant execute on function directory.find_asset(text) to innkeep_api;
grant execute on function directory.add_asset(text, bigint), directory.forget_asset(text, bigint) to innkeep_worker;
`,
);
