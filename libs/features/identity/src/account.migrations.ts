import { sqlMigration } from '@innkeep/platform/database';

export const accountMigrations = [
  sqlMigration(
    1763710500000,
    'create-accounts',
    `
alter table identity.sessions
  add user_agent text,
  add last_used_at timestamptz not null default now(),
  drop constraint sessions_revoked_reason_check,
  add constraint sessions_revoked_reason_check
    check (revoked_reason in ('logout', 'reuse', 'ended-by-user', 'password-changed', 'user-suspended'));
create index on identity.sessions (bucket, organization_id, user_id, id);

alter table identity.users add email_verified_at timestamptz;
grant usage on schema identity to innkeep_worker;
-- What the worker needs to write to somebody; who they are and what they may do is not its business.
grant select (bucket, organization_id, id, email, status) on identity.users to innkeep_worker;

-- What a mail or a sign-in hands out to be used once, as hashes. Used ones go at once.
create table identity.one_time_tokens (
  bucket smallint not null,
  organization_id bigint not null,
  hash bytea not null,
  kind text not null check (kind in ('password-reset', 'email-verification', 'sign-in-challenge')),
  user_id bigint not null,
  attempts smallint not null default 0,
  issued_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (bucket, organization_id, hash),
  foreign key (bucket, organization_id, user_id) references identity.users on delete cascade
);
create index on identity.one_time_tokens (bucket, organization_id, user_id);
create index on identity.one_time_tokens (expires_at);
select app.protect('identity.one_time_tokens');
grant select, insert, update, delete on identity.one_time_tokens to innkeep_api;
grant select, insert on identity.one_time_tokens to innkeep_worker;

-- The secret of an authenticator app, sealed; no code of a step up to last_step is taken again.
create table identity.second_factors (
  bucket smallint not null,
  organization_id bigint not null,
  user_id bigint not null,
  sealed_secret bytea not null,
  last_step bigint not null default 0,
  created_at timestamptz not null default now(),
  confirmed_at timestamptz,
  primary key (bucket, organization_id, user_id),
  foreign key (bucket, organization_id, user_id) references identity.users on delete cascade
);
select app.protect('identity.second_factors');
grant select, insert, update, delete on identity.second_factors to innkeep_api;

create table identity.recovery_codes (
  bucket smallint not null,
  organization_id bigint not null,
  user_id bigint not null,
  hash bytea not null,
  primary key (bucket, organization_id, user_id, hash),
  foreign key (bucket, organization_id, user_id) references identity.second_factors on delete cascade
);
select app.protect('identity.recovery_codes');
grant select, insert, delete on identity.recovery_codes to innkeep_api;

-- Removes one-time tokens that have expired, a small number at a time. Answers how many went.
create function identity.delete_expired_tokens(batch integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone integer;
begin
  delete from identity.one_time_tokens where ctid in (
    select ctid from identity.one_time_tokens where expires_at < now() limit batch);
  get diagnostics gone = row_count;
  return gone;
end $$;
create policy housekeeping on identity.one_time_tokens to innkeep_migrator using (expires_at < now());
revoke all on function identity.delete_expired_tokens(integer) from public;
grant execute on function identity.delete_expired_tokens(integer) to innkeep_worker;
`,
  ),
  sqlMigration(
    1763710500100,
    'create-api-keys',
    `
-- Keys by which other programs call the API. Each acts under a number of its own, so that what it does can be told from what people do.
create table identity.api_keys (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  hash bytea not null,
  hint text not null,
  actor_id bigint not null,
  name text not null,
  role text not null check (role in ('manager', 'staff', 'auditor')),
  scopes text[] not null,
  property_ids bigint[],
  created_by bigint not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  version bigint not null,
  primary key (bucket, organization_id, id),
  unique (bucket, organization_id, hash)
);
select app.protect('identity.api_keys');
grant select, insert, update on identity.api_keys to innkeep_api;

-- Notes when keys were last used, for all organizations at once: the API gathers uses instead of writing each.
create function identity.note_api_key_uses(p_buckets smallint[], p_organization_ids bigint[], p_ids uuid[], p_used_at timestamptz[]) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$ update identity.api_keys k set last_used_at = greatest(k.last_used_at, u.used_at)
        from unnest(p_buckets, p_organization_ids, p_ids, p_used_at) as u(bucket, organization_id, id, used_at)
        where k.bucket = u.bucket and k.organization_id = u.organization_id and k.id = u.id $$;
create policy noting_uses on identity.api_keys to innkeep_migrator using (true) with check (true);
revoke all on function identity.note_api_key_uses(smallint[], bigint[], uuid[], timestamptz[]) from public;
grant execute on function identity.note_api_key_uses(smallint[], bigint[], uuid[], timestamptz[]) to innkeep_api;
`,
  ),
];
