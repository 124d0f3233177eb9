import { directoryAssetsMigration } from './directory-assets.migration';
import { forgetSignInsMigration } from './forget-sign-ins.migration';
import { sqlMigration } from './migrations';

export const directoryMigrations = [
  sqlMigration(
    1763700000000,
    'create-context',
    `
create schema app;
grant usage on schema app to public;

-- The organization of the running transaction. Without one it is null, and null equals nothing: no row is seen.
create function app.organization_id() returns bigint language sql stable parallel safe
  as $$ select nullif(current_setting('app.organization_id', true), '')::bigint $$;

-- Forces row-level security on a tenant table: API and worker see the organization of their transaction, the projector all.
-- What a role may do to the table at all is still a matter of grants.
create function app.protect(target regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy organization on %s to innkeep_api, innkeep_worker
    using (organization_id = (select app.organization_id())) with check (organization_id = (select app.organization_id()))', target);
  execute format('create policy every_organization on %s to innkeep_projector using (true) with check (true)', target);
end $$;
`,
  ),
  sqlMigration(
    1763700001000,
    'create-directory',
    `
create schema directory;

create table directory.shards (
  name text primary key
);
insert into directory.shards values ('shard-1');

-- 1,024 buckets for life. Only whole buckets move; the epoch changes when one was moved or restored.
create table directory.buckets (
  bucket smallint primary key check (bucket between 0 and 1023),
  shard text not null references directory.shards,
  epoch integer not null default 1
);
insert into directory.buckets (bucket, shard) select b, 'shard-1' from generate_series(0, 1023) b;

create table directory.organizations (
  organization_id bigint primary key,
  bucket smallint not null references directory.buckets,
  created_at timestamptz not null default now()
);

-- Sign-in emails, as hashes: enough to find the organization, not enough to read an address.
create table directory.sign_ins (
  email_hash bytea primary key,
  organization_id bigint not null references directory.organizations,
  user_id bigint not null,
  is_confirmed boolean not null default false,
  reserved_at timestamptz not null default now()
);
create index on directory.sign_ins (reserved_at) where not is_confirmed;

create table directory.properties (
  property_id bigint primary key,
  organization_id bigint not null references directory.organizations
);

create table directory.id_blocks (
  kind text primary key,
  next_id bigint not null
);
insert into directory.id_blocks values ('organization', 1000), ('user', 1000), ('property', 1000);

create table directory.operators (
  operator_id bigint generated always as identity primary key,
  email_hash bytea not null unique,
  password_hash text not null,
  created_at timestamptz not null default now()
);

-- The bucket an organization gets when nobody chooses one. Fixed for life: md5 is the same on every server and version.
create function directory.default_bucket(organization_id bigint) returns smallint language sql immutable
  as $$ select (('x' || substr(md5(organization_id::text), 1, 8))::bit(32)::bigint & 1023)::smallint $$;

create function directory.route(p_organization_id bigint, out bucket smallint, out shard text, out epoch integer)
  returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select o.bucket, b.shard, b.epoch from directory.organizations o join directory.buckets b on b.bucket = o.bucket
        where o.organization_id = p_organization_id $$;

create function directory.take_ids(p_kind text, p_count integer) returns bigint
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$ update directory.id_blocks set next_id = next_id + p_count where kind = p_kind and p_count between 1 and 10000
        returning next_id - p_count $$;

-- A reservation that was never confirmed can be taken up again after a minute, with the ids it had: whatever its first
-- attempt managed to write is then found under them.
create function directory.reserve_organization(p_email_hash bytea, p_organization_id bigint, p_user_id bigint,
    out organization_id bigint, out user_id bigint, out bucket smallint, out shard text, out epoch integer, out is_fresh boolean)
  returns setof record language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare earlier directory.sign_ins;
begin
  insert into directory.organizations (organization_id, bucket) values (p_organization_id, directory.default_bucket(p_organization_id));
  insert into directory.sign_ins (email_hash, organization_id, user_id) values (p_email_hash, p_organization_id, p_user_id)
    on conflict (email_hash) do nothing;
  if found then
    return query select p_organization_id, p_user_id, r.bucket, r.shard, r.epoch, true from directory.route(p_organization_id) r;
    return;
  end if;
  delete from directory.organizations o where o.organization_id = p_organization_id;
  update directory.sign_ins s set reserved_at = now()
    where s.email_hash = p_email_hash and not s.is_confirmed and s.reserved_at < now() - interval '1 minute'
    returning s.* into earlier;
  if earlier.user_id is not null then
    return query select earlier.organization_id, earlier.user_id, r.bucket, r.shard, r.epoch, false from directory.route(earlier.organization_id) r;
  end if;
end $$;

create function directory.reserve_user(p_email_hash bytea, p_organization_id bigint, p_user_id bigint) returns boolean
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  with added as (
    insert into directory.sign_ins (email_hash, organization_id, user_id) values (p_email_hash, p_organization_id, p_user_id)
    on conflict (email_hash) do update set user_id = excluded.user_id, organization_id = excluded.organization_id, reserved_at = now()
      where not directory.sign_ins.is_confirmed and directory.sign_ins.reserved_at < now() - interval '1 minute'
    returning 1
  ) select exists (select from added) $$;

create function directory.confirm_sign_in(p_email_hash bytea) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$ update directory.sign_ins set is_confirmed = true where email_hash = p_email_hash $$;

create function directory.find_sign_in(p_email_hash bytea, out organization_id bigint, out user_id bigint) returns setof record
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select s.organization_id, s.user_id from directory.sign_ins s where s.email_hash = p_email_hash $$;

create function directory.register_property(p_property_id bigint, p_organization_id bigint) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$ insert into directory.properties values (p_property_id, p_organization_id) on conflict do nothing $$;

create function directory.find_property(p_property_id bigint) returns bigint
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select organization_id from directory.properties where property_id = p_property_id $$;

create function directory.find_operator(p_email_hash bytea, out operator_id bigint, out password_hash text) returns setof record
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select o.operator_id, o.password_hash from directory.operators o where o.email_hash = p_email_hash $$;

revoke all on all functions in schema directory from public;
grant usage on schema directory to innkeep_api, innkeep_projector, innkeep_worker;
grant execute on function directory.route(bigint) to innkeep_api, innkeep_projector, innkeep_worker;
grant execute on function directory.take_ids(text, integer), directory.reserve_organization(bytea, bigint, bigint),
  directory.reserve_user(bytea, bigint, bigint), directory.confirm_sign_in(bytea), directory.find_sign_in(bytea),
  directory.register_property(bigint, bigint), directory.find_property(bigint), directory.find_operator(bytea) to innkeep_api;
grant execute on function directory.take_ids(text, integer), directory.find_property(bigint) to innkeep_worker;
`,
  ),
  sqlMigration(
    1763700060000,
    'create-directory-mail-asks',
    `
-- Mails asked for by an address, before anybody has looked whether somebody signs in with it: asking costs the same either way, and
-- the answer cannot tell. The worker finds the user, if there is one, and asks for the mail in the user's organization.
create table directory.mail_asks (
  kind text not null,
  email_hash bytea not null,
  generation bigint not null default 1,
  due_at timestamptz not null default clock_timestamp(),
  primary key (kind, email_hash)
);
create index on directory.mail_asks (due_at);

create function directory.ask_mail(p_kind text, p_email_hash bytea) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$ insert into directory.mail_asks as a (kind, email_hash) values (p_kind, p_email_hash)
        on conflict (kind, email_hash) do update set generation = a.generation + 1, due_at = excluded.due_at $$;

-- What is taken is due again soon, in case whoever took it ends before it is passed on.
create function directory.take_mail_asks(p_count integer, out kind text, out email_hash bytea, out generation bigint)
  returns setof record language sql security definer set search_path = pg_catalog, pg_temp
  as $$ update directory.mail_asks a set due_at = clock_timestamp() + interval '30 seconds'
        from (select d.kind, d.email_hash from directory.mail_asks d where d.due_at <= clock_timestamp()
              order by d.due_at limit p_count for update skip locked) due
        where a.kind = due.kind and a.email_hash = due.email_hash
        returning a.kind, a.email_hash, a.generation $$;

create function directory.confirm_mail_ask(p_kind text, p_email_hash bytea, p_generation bigint) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$ delete from directory.mail_asks where kind = p_kind and email_hash = p_email_hash and generation = p_generation $$;

revoke all on function directory.ask_mail(text, bytea), directory.take_mail_asks(integer),
  directory.confirm_mail_ask(text, bytea, bigint) from public;
grant execute on function directory.ask_mail(text, bytea) to innkeep_api;
grant execute on function directory.take_mail_asks(integer), directory.confirm_mail_ask(text, bytea, bigint),
  directory.find_sign_in(bytea) to innkeep_worker;
`,
  ),
  sqlMigration(
    1763700060200,
    'create-directory-api-keys',
    `
-- API keys, as hashes: enough to find the organization that a key belongs to. What a key may do stands in the organization itself.
create table directory.api_keys (
  hash bytea primary key,
  organization_id bigint not null references directory.organizations
);

create function directory.add_api_key(p_hash bytea, p_organization_id bigint) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$ insert into directory.api_keys values (p_hash, p_organization_id) on conflict do nothing $$;

create function directory.find_api_key(p_hash bytea) returns bigint
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select organization_id from directory.api_keys where hash = p_hash $$;

create function directory.remove_api_key(p_hash bytea) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$ delete from directory.api_keys where hash = p_hash $$;

revoke all on function directory.add_api_key(bytea, bigint), directory.find_api_key(bytea), directory.remove_api_key(bytea) from public;
grant execute on function directory.add_api_key(bytea, bigint), directory.find_api_key(bytea), directory.remove_api_key(bytea) to innkeep_api;
`,
  ),
  forgetSignInsMigration,
  directoryAssetsMigration,
];
