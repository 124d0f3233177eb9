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
];
