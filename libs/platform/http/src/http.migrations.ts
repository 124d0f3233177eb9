import { sqlMigration } from '@innkeep/platform/database';

export const httpMigrations = [
  sqlMigration(
    1763700004000,
    'create-idempotency-records',
    `
create schema http;
grant usage on schema http to innkeep_api, innkeep_worker;

-- Answers of completed requests, by key. Not partitioned by time: uniqueness would end at the partition's border.
create table http.idempotency_records (
  bucket smallint not null,
  organization_id bigint not null,
  user_id bigint not null,
  key text not null,
  fingerprint bytea not null,
  body text not null,
  version bigint not null,
  expires_at timestamptz not null,
  primary key (bucket, organization_id, user_id, key)
);
create index on http.idempotency_records (expires_at);
select app.protect('http.idempotency_records');
grant select, insert, update on http.idempotency_records to innkeep_api, innkeep_worker;

-- Removes expired records, a small number at a time. Answers how many went.
create function http.delete_expired_records(batch integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone integer;
begin
  delete from http.idempotency_records where ctid in (select ctid from http.idempotency_records where expires_at < now() limit batch);
  get diagnostics gone = row_count;
  return gone;
end $$;
create policy housekeeping on http.idempotency_records to innkeep_migrator using (expires_at < now());
revoke all on function http.delete_expired_records(integer) from public;
grant execute on function http.delete_expired_records(integer) to innkeep_worker;
`,
  ),
  sqlMigration(
    1763700004100,
    'create-idempotency-functions',
    `
-- Opens a command's transaction: sets the organization for row-level security, tries the key's lock, and looks for an answer.
-- Volatile, so that the look has a younger snapshot than the lock: an older one could miss an answer just committed.
create function http.open_command(p_organization_id bigint, p_bucket smallint, p_user_id bigint, p_key text, p_lock bigint,
    out is_locked boolean, out fingerprint bytea, out body text, out version bigint)
  language plpgsql volatile as $$
begin
  perform set_config('app.organization_id', p_organization_id::text, true);
  is_locked := pg_try_advisory_xact_lock(p_lock);
  select r.fingerprint, r.body, r.version into fingerprint, body, version from http.idempotency_records r
    where r.bucket = p_bucket and r.organization_id = p_organization_id and r.user_id = p_user_id and r.key = p_key and r.expires_at > now();
end $$;

-- Leaves the answer behind under its key. An expired record is replaced; a live one fails the transaction, by setting a null.
create function http.keep_answer(p_organization_id bigint, p_bucket smallint, p_user_id bigint, p_key text, p_fingerprint bytea, p_body text,
    p_version bigint, p_lifetime interval) returns void
  language plpgsql volatile as $$
begin
  insert into http.idempotency_records as r (bucket, organization_id, user_id, key, fingerprint, body, version, expires_at)
    values (p_bucket, p_organization_id, p_user_id, p_key, p_fingerprint, p_body, p_version, now() + p_lifetime)
    on conflict (bucket, organization_id, user_id, key) do update
      set fingerprint = excluded.fingerprint, body = excluded.body, version = excluded.version,
          expires_at = case when r.expires_at <= now() then excluded.expires_at end;
end $$;
`,
  ),
];
