import { sqlMigration } from '@innkeep/platform/database';

export const deletionMigrations = [
  sqlMigration(
    1763711000640,
    'create-deletion',
    `
create schema deletion;
grant usage on schema deletion to innkeep_worker;

-- Every table with an organization can be emptied of the organization that is set, by functions of the owner. Tables to come are by
-- app.protect, those that are there by the loop below.
create or replace function app.protect(target regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy organization on %s to innkeep_api, innkeep_worker
    using (organization_id = (select app.organization_id())) with check (organization_id = (select app.organization_id()))', target);
  execute format('create policy every_organization on %s to innkeep_projector using (true) with check (true)', target);
  execute format('create policy deleting on %s to innkeep_migrator using (organization_id = (select app.organization_id()))
    with check (organization_id = (select app.organization_id()))', target);
end $$;
do $$
declare target regclass;
begin
  for target in select c.oid::regclass from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p') and c.relrowsecurity and a.attname = 'organization_id' and not a.attisdropped order by c.oid
  loop
    execute format('create policy deleting on %s to innkeep_migrator using (organization_id = (select app.organization_id()))
      with check (organization_id = (select app.organization_id()))', target);
  end loop;
end $$;

-- Organizations that are being deleted. A row goes when nothing else is left.
create table deletion.asks (
  bucket smallint not null,
  organization_id bigint not null,
  asked_at timestamptz not null default now(),
  primary key (bucket, organization_id)
);
select app.protect('deletion.asks');
grant select, insert on deletion.asks to innkeep_worker;
create policy looking on deletion.asks for select to innkeep_migrator using (true);

create function deletion.asked(p_limit integer) returns table (bucket smallint, organization_id bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select a.bucket, a.organization_id from deletion.asks a order by a.asked_at limit p_limit $$;

-- The tables that rows of an organization are removed from, so that what refers to a row goes before it. The log is not among them.
create function deletion.tables() returns table (name text, step integer)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with recursive tenant as (
    select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where c.relkind = 'r' and not c.relispartition and a.attname = 'organization_id' and not a.attisdropped
      and n.nspname not in ('directory', 'pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg_temp%'
      and c.oid <> 'deletion.asks'::regclass
  ), depth as (
    select oid, 0 as step from tenant
    union all
    select k.confrelid, depth.step + 1 from depth join pg_constraint k on k.conrelid = depth.oid and k.contype = 'f' and k.confrelid <> k.conrelid
    where depth.step < 50
  )
  select tenant.oid::regclass::text, max(depth.step) from tenant join depth using (oid) group by tenant.oid order by 2, 1 $$;

-- Whether all that follows the log of the bucket has taken all events of the organization. What the code has lost follows nothing.
create function deletion.is_followed(p_bucket smallint, p_organization_id bigint) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('app.organization_id', p_organization_id::text, true);
  return not exists (select from events.organization_heads h join events.checkpoints c on c.bucket = h.bucket and c.position < h.position
    where h.bucket = p_bucket and h.organization_id = p_organization_id and c.track not like 'retired:%'
      and (c.track not like 'reactor:%' or exists (select from events.reactors r where r.track = c.track)));
end $$;

create function deletion.assert_asked(p_bucket smallint, p_organization_id bigint) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from deletion.asks a where a.bucket = p_bucket and a.organization_id = p_organization_id) then
    raise exception 'the deletion of organization % was not asked for', p_organization_id;
  end if;
  perform set_config('app.organization_id', p_organization_id::text, true);
end $$;

-- Removes some of the organization's rows from a table. Answers how many.
create function deletion.delete_rows(p_bucket smallint, p_organization_id bigint, p_table text, p_limit integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone integer;
begin
  perform deletion.assert_asked(p_bucket, p_organization_id);
  if not exists (select from deletion.tables() t where t.name = p_table) then raise exception 'nothing is deleted from %', p_table; end if;
  execute format('delete from %1$s where ctid = any (array(select ctid from %1$s where bucket = $1 and organization_id = $2 limit $3))', p_table)
    using p_bucket, p_organization_id, p_limit;
  get diagnostics gone = row_count;
  return gone;
end $$;

-- Events stay in their places, because the log has no gaps, and nothing is left of them: neither whose they were nor what they said.
create policy forgetting on events.log for update to innkeep_migrator using (organization_id = (select app.organization_id()))
  with check (organization_id = 0);
create function deletion.forget_events(p_bucket smallint, p_organization_id bigint, p_limit integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone integer;
begin
  perform deletion.assert_asked(p_bucket, p_organization_id);
  update events.log l set organization_id = 0, version = l.position, type = 'Forgotten', schema_version = 1, property_id = null,
    entity_id = null, actor_id = null, request_id = null, data = '{}'
  from (select e.position, e.recorded_at from events.log e where e.bucket = p_bucket and e.organization_id = p_organization_id
    order by e.version limit p_limit) chosen
  where l.bucket = p_bucket and l.position = chosen.position and l.recorded_at = chosen.recorded_at;
  get diagnostics gone = row_count;
  return gone;
end $$;

-- To be called when nothing else is left.
create function deletion.finish(p_bucket smallint, p_organization_id bigint) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('app.organization_id', p_organization_id::text, true);
  if exists (select from deletion.count_rows(p_bucket, p_organization_id)) then
    raise exception 'organization % still has rows', p_organization_id;
  end if;
  delete from deletion.asks where bucket = p_bucket and organization_id = p_organization_id;
end $$;

-- How many rows there are of an organization, by table.
create function deletion.count_rows(p_bucket smallint, p_organization_id bigint) returns table (name text, rows bigint)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('app.organization_id', p_organization_id::text, true);
  for name in select t.name from deletion.tables() t union all select 'events.log' loop
    execute format('select count(*) from %s where bucket = $1 and organization_id = $2', name) into rows using p_bucket, p_organization_id;
    if rows > 0 then return next; end if;
  end loop;
end $$;
revoke all on function deletion.asked(integer), deletion.tables(), deletion.is_followed(smallint, bigint), deletion.assert_asked(smallint, bigint),
  deletion.delete_rows(smallint, bigint, text, integer), deletion.forget_events(smallint, bigint, integer), deletion.finish(smallint, bigint),
  deletion.count_rows(smallint, bigint) from public;
grant execute on function deletion.asked(integer), deletion.tables(), deletion.is_followed(smallint, bigint),
  deletion.delete_rows(smallint, bigint, text, integer), deletion.forget_events(smallint, bigint, integer), deletion.finish(smallint, bigint),
  deletion.count_rows(smallint, bigint) to innkeep_worker;
`,
  ),
  sqlMigration(
    1763711000641,
    'forget-organizations',
    `
-- That there was an organization by this id, and nothing else of it. The id is never given again.
create table directory.deleted_organizations (
  organization_id bigint primary key,
  deleted_at timestamptz not null default now()
);

-- Whoever signs in, keys, properties and the organization itself. Doing it again is done.
create function directory.forget_organization(p_organization_id bigint) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into directory.deleted_organizations (organization_id)
    select o.organization_id from directory.organizations o where o.organization_id = p_organization_id on conflict do nothing;
  delete from directory.mail_asks where email_hash in (select s.email_hash from directory.sign_ins s where s.organization_id = p_organization_id);
  delete from directory.sign_ins where organization_id = p_organization_id;
  delete from directory.api_keys where organization_id = p_organization_id;
  delete from directory.properties where organization_id = p_organization_id;
  delete from directory.organizations where organization_id = p_organization_id;
$$;
create index on directory.api_keys (organization_id);
create index on directory.properties (organization_id);
revoke all on function directory.forget_organization(bigint) from public;
grant execute on function directory.forget_organization(bigint) to innkeep_worker;
`,
  ),
];
