import { sqlMigration } from '@innkeep/platform/database';
import { membersMigration } from './members.migrations';

export const identityMigrations = [
  sqlMigration(
    1763702000000,
    'create-identity',
    `
create schema identity;
grant usage on schema identity to innkeep_api, innkeep_worker;

create table identity.organizations (
  bucket smallint not null,
  organization_id bigint not null,
  name text not null,
  created_at timestamptz not null default now(),
  version bigint not null,
  primary key (bucket, organization_id)
);
select app.protect('identity.organizations');
grant select, insert, update on identity.organizations to innkeep_api;

-- One address is one user of one organization: the directory sees to that. The constraint here is the second lock on the door.
create table identity.users (
  bucket smallint not null,
  organization_id bigint not null,
  id bigint not null,
  email text not null,
  name text not null,
  role text not null check (role in ('owner', 'manager', 'staff', 'auditor')),
  status text not null check (status in ('active', 'suspended')),
  has_all_properties boolean not null check (has_all_properties or role <> 'owner'),
  permission_epoch integer not null,
  password_hash text not null,
  created_at timestamptz not null default now(),
  version bigint not null,
  primary key (bucket, organization_id, id),
  constraint users_email_key unique (bucket, organization_id, email),
  foreign key (bucket, organization_id) references identity.organizations
);
select app.protect('identity.users');
grant select, insert, update on identity.users to innkeep_api;

create table identity.property_assignments (
  bucket smallint not null,
  organization_id bigint not null,
  user_id bigint not null,
  property_id bigint not null,
  primary key (bucket, organization_id, user_id, property_id),
  foreign key (bucket, organization_id, user_id) references identity.users
);
select app.protect('identity.property_assignments');
grant select, insert, delete on identity.property_assignments to innkeep_api;

-- A sign-in and all refresh tokens that come of it. Revoking it ends them all.
create table identity.sessions (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  user_id bigint not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_reason text check (revoked_reason in ('logout', 'reuse')),
  primary key (bucket, organization_id, id),
  foreign key (bucket, organization_id, user_id) references identity.users
);
create index on identity.sessions (expires_at);
select app.protect('identity.sessions');
grant select, insert, update on identity.sessions to innkeep_api;

-- Rotated tokens stay until they expire: that is how a second use is noticed.
create table identity.refresh_tokens (
  bucket smallint not null,
  organization_id bigint not null,
  hash bytea not null,
  session_id uuid not null,
  issued_at timestamptz not null default now(),
  expires_at timestamptz not null,
  rotated_at timestamptz,
  primary key (bucket, organization_id, hash),
  foreign key (bucket, organization_id, session_id) references identity.sessions on delete cascade
);
create index on identity.refresh_tokens (bucket, organization_id, session_id);
create index on identity.refresh_tokens (expires_at);
select app.protect('identity.refresh_tokens');
grant select, insert, update on identity.refresh_tokens to innkeep_api;

create table identity.invitations (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  token_hash bytea not null,
  email text not null,
  name text,
  role text not null check (role in ('owner', 'manager', 'staff', 'auditor')),
  property_ids bigint[],
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  primary key (bucket, organization_id, id),
  unique (bucket, organization_id, token_hash)
);
create index on identity.invitations (expires_at);
select app.protect('identity.invitations');
grant select, insert, update, delete on identity.invitations to innkeep_api;

-- Removes sessions, refresh tokens and invitations that have expired, a small number at a time. Answers how many went.
create function identity.delete_expired(batch integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  gone integer;
  total integer := 0;
begin
  delete from identity.refresh_tokens where ctid in (select ctid from identity.refresh_tokens where expires_at < now() limit batch);
  get diagnostics gone = row_count;
  total := total + gone;
  delete from identity.sessions where ctid in (select ctid from identity.sessions where expires_at < now() limit batch);
  get diagnostics gone = row_count;
  total := total + gone;
  delete from identity.invitations where ctid in (select ctid from identity.invitations where expires_at < now() - interval '30 days' limit batch);
  get diagnostics gone = row_count;
  return total + gone;
end $$;
create policy housekeeping on identity.refresh_tokens to innkeep_migrator using (expires_at < now());
create policy housekeeping on identity.sessions to innkeep_migrator using (expires_at < now());
create policy housekeeping on identity.invitations to innkeep_migrator using (expires_at < now());
revoke all on function identity.delete_expired(integer) from public;
grant execute on function identity.delete_expired(integer) to innkeep_worker;
`,
  ),
  membersMigration,
];
