import { sqlMigration } from '@innkeep/platform/database';

/** What ends access tokens before their time. */
export const revocationMigrations = [
  sqlMigration(
    1763700061000,
    'create-revocations',
    `
-- What ends access tokens before their time: a session that is over, or rights of a user that changed at a permission epoch. Needed
-- only for as long as access tokens live; every API process reads what is new once a second.
create table http.revocations (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null default gen_random_uuid(),
  user_id bigint not null,
  session_id uuid,
  permission_epoch integer,
  revoked_at timestamptz not null default clock_timestamp(),
  primary key (bucket, organization_id, id),
  check ((session_id is null) <> (permission_epoch is null))
);
create index on http.revocations (revoked_at);
select app.protect('http.revocations');
grant select, insert on http.revocations to innkeep_api, innkeep_worker;

-- The revocations of all organizations after a moment, and what time it is here.
create function http.revocations_since(p_since timestamptz, out as_of timestamptz, out revocations json)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select statement_timestamp(), coalesce(json_agg(json_build_object('userId', r.user_id, 'sessionId', r.session_id,
          'permissionEpoch', r.permission_epoch, 'revokedAt', extract(epoch from r.revoked_at) * 1000)), '[]')
        from http.revocations r where r.revoked_at > p_since $$;
create policy following on http.revocations for select to innkeep_migrator using (true);
revoke all on function http.revocations_since(timestamptz) from public;
grant execute on function http.revocations_since(timestamptz) to innkeep_api;

-- Removes revocations that no access token can have outlived. Answers how many went.
create function http.delete_expired_revocations(batch integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone integer;
begin
  delete from http.revocations where ctid in (
    select ctid from http.revocations where revoked_at < now() - interval '1 hour' limit batch);
  get diagnostics gone = row_count;
  return gone;
end $$;
create policy housekeeping on http.revocations for delete to innkeep_migrator using (revoked_at < now() - interval '1 hour');
revoke all on function http.delete_expired_revocations(integer) from public;
grant execute on function http.delete_expired_revocations(integer) to innkeep_worker;
`,
  ),
  sqlMigration(
    1763711000801,
    'keep-revocations-for-links',
    `
-- A link to a file ends with the rights of whoever got it, and is good for six hours at the most.
create or replace function http.delete_expired_revocations(batch integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone integer;
begin
  delete from http.revocations where ctid in (
    select ctid from http.revocations where revoked_at < now() - interval '7 hours' limit batch);
  get diagnostics gone = row_count;
  return gone;
end $$;
drop policy housekeeping on http.revocations;
create policy housekeeping on http.revocations for delete to innkeep_migrator using (revoked_at < now() - interval '7 hours');
`,
  ),
];
