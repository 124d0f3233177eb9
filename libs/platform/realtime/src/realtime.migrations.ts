import { sqlMigration } from '@innkeep/platform/database';

/** What the hub asks about all organizations that it listens to. */
export const realtimeMigrations = [
  sqlMigration(
    1763711000300,
    'create-heads-ahead',
    `
-- Of these organizations those whose version is past the one given: whether a process that is told of events has been told of all.
create function events.heads_ahead(p_buckets smallint[], p_organizations bigint[], p_versions bigint[])
  returns table (organization_id bigint, version bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select h.organization_id, h.version
        from unnest(p_buckets, p_organizations, p_versions) as known (bucket, organization_id, version)
        join events.organization_heads h on h.bucket = known.bucket and h.organization_id = known.organization_id
        where h.version > known.version $$;
create policy listening on events.organization_heads for select to innkeep_migrator using (true);
revoke all on function events.heads_ahead(smallint[], bigint[], bigint[]) from public;
grant execute on function events.heads_ahead(smallint[], bigint[], bigint[]) to innkeep_api;
`,
  ),
  sqlMigration(
    1763711001301,
    'create-directory-moved-buckets',
    `
-- Of these buckets those that live elsewhere by now or were restored: whoever holds positions of them has to read anew.
create function directory.moved_buckets(p_buckets smallint[], p_shards text[], p_epochs integer[]) returns setof smallint
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select b.bucket from unnest(p_buckets, p_shards, p_epochs) as known (bucket, shard, epoch)
        join directory.buckets b on b.bucket = known.bucket where (b.shard, b.epoch) is distinct from (known.shard, known.epoch) $$;
revoke all on function directory.moved_buckets(smallint[], text[], integer[]) from public;
grant execute on function directory.moved_buckets(smallint[], text[], integer[]) to innkeep_api;
`,
  ),
];
