import { sqlMigration } from '@innkeep/platform/database';

export const privacyMigrations = [
  sqlMigration(
    1763700090000,
    'create-subject-keys',
    `
create schema privacy;
grant usage on schema privacy to innkeep_api, innkeep_projector, innkeep_worker;

-- The master keys that wrap keys of subjects: never the keys, but by what each is recognized. A process that lacks one of them, or has
-- another key by its name, does not start.
create table privacy.master_keys (
  id text primary key,
  fingerprint bytea not null,
  first_used_at timestamptz not null default now()
);
grant select, insert on privacy.master_keys to innkeep_api, innkeep_worker;
grant select on privacy.master_keys to innkeep_projector;

-- The key that seals what events say of a person, wrapped by a master key. Erasure destroys it and leaves the row, which says that
-- there was a key: what it sealed is erased and not lost.
create table privacy.subject_keys (
  bucket smallint not null,
  organization_id bigint not null,
  subject text not null,
  wrapped_key bytea,
  master_key text,
  created_at timestamptz not null default now(),
  erased_at timestamptz,
  primary key (bucket, organization_id, subject),
  check ((wrapped_key is null) = (erased_at is not null)),
  check ((wrapped_key is null) = (master_key is null))
);
create index on privacy.subject_keys (master_key);
select app.protect('privacy.subject_keys');
-- Whoever may change a row at all may only erase it, and nobody brings a key back.
create policy erasing on privacy.subject_keys as restrictive for update to innkeep_api, innkeep_worker
  using (erased_at is null and organization_id = (select app.organization_id()))
  with check (erased_at is not null and organization_id = (select app.organization_id()));
grant select, insert on privacy.subject_keys to innkeep_api, innkeep_worker;
grant update (wrapped_key, master_key, erased_at) on privacy.subject_keys to innkeep_api;
grant select on privacy.subject_keys to innkeep_projector;
-- When one master key follows another, the migrator wraps the keys anew.
create policy wrapping on privacy.subject_keys to innkeep_migrator using (true) with check (true);

-- The key of a subject, or the one offered if it has none yet. Two transactions that offer one at once agree: the second waits for the
-- first and takes its key. No key in the answer: the subject is erased.
create function privacy.take_key(p_bucket smallint, p_organization_id bigint, p_subject text, p_wrapped_key bytea, p_master_key text, p_fingerprint bytea,
    out wrapped_key bytea, out master_key text)
  language plpgsql as $$
begin
  select k.wrapped_key, k.master_key into take_key.wrapped_key, take_key.master_key from privacy.subject_keys k
    where k.bucket = p_bucket and k.organization_id = p_organization_id and k.subject = p_subject;
  if found then return; end if;
  insert into privacy.master_keys (id, fingerprint) values (p_master_key, p_fingerprint) on conflict do nothing;
  -- Of two processes that were given different keys by one name, the first one's counts.
  if not exists (select from privacy.master_keys m where m.id = p_master_key and m.fingerprint = p_fingerprint) then
    raise exception 'there is another master key with the id %', p_master_key;
  end if;
  insert into privacy.subject_keys (bucket, organization_id, subject, wrapped_key, master_key)
    values (p_bucket, p_organization_id, p_subject, p_wrapped_key, p_master_key) on conflict do nothing;
  select k.wrapped_key, k.master_key into strict take_key.wrapped_key, take_key.master_key from privacy.subject_keys k
    where k.bucket = p_bucket and k.organization_id = p_organization_id and k.subject = p_subject;
end $$;
`,
  ),
];
