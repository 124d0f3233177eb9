import { sqlMigration } from '@innkeep/platform/database';

export const auditMigrations = [
  sqlMigration(
    1763711001200,
    'create-audit-log',
    `
create schema audit;
grant usage on schema audit to innkeep_api, innkeep_projector, innkeep_worker;

-- A number as ECMAScript writes it (RFC 8785, 3.2.2.3). Events were written by ECMAScript, so each fits in a double.
create function audit.canonical_number(n numeric) returns text language plpgsql immutable strict parallel safe as $$
declare
  whole text := n::text;
  double float8;
begin
  if whole ~ '^-?[1-9][0-9]{0,14}$' or whole = '0' then return whole; end if;
  double := n::float8;
  if double <> 0 and (abs(double) >= 1e21 or abs(double) < 1e-6) then
    return regexp_replace(double::text, 'e([+-])0*', 'e\\1');
  end if;
  -- The shortest digits that read back as the same double, without an exponent.
  return double::text::numeric::text;
end $$;

-- A JSON value in the one spelling that RFC 8785 gives it.
create function audit.canonical(v jsonb) returns text language plpgsql immutable strict parallel safe as $$
declare
  members text;
  is_plain boolean;
begin
  case jsonb_typeof(v)
  when 'object' then
    select string_agg(to_json(m.key)::text || ':' || case jsonb_typeof(m.value) when 'string' then m.value::text else audit.canonical(m.value) end,
        ',' order by m.key collate "C"), bool_and(octet_length(m.key) = char_length(m.key))
      into members, is_plain from jsonb_each(v) m;
    if not is_plain then
      -- Names go by their UTF-16 units: a surrogate is before U+E000, where the bytes of UTF-8 have it behind.
      select string_agg(to_json(m.key)::text || ':' || audit.canonical(m.value), ',' order by
          replace(replace(regexp_replace(encode(convert_to(m.key, 'UTF8'), 'hex'), '(..)', '\\1 ', 'g'), 'ee ', 'f8 '), 'ef ', 'f9 ') collate "C")
        into members from jsonb_each(v) m;
    end if;
    return '{' || coalesce(members, '') || '}';
  when 'array' then
    select string_agg(audit.canonical(a.value), ',' order by a.n) into members from jsonb_array_elements(v) with ordinality a(value, n);
    return '[' || coalesce(members, '') || ']';
  when 'number' then return audit.canonical_number(v::numeric);
  -- What PostgreSQL escapes in a text, and how, is what RFC 8785 asks for.
  else return v::text;
  end case;
end $$;

-- The SHA-256 of an event in its canonical form: all that the log holds of it but the bucket's position, which never leaves the system.
create function audit.digest(organization_id bigint, version bigint, recorded_at timestamptz, type text, schema_version smallint,
    property_id bigint, entity_id text, actor_id bigint, request_id text, data jsonb)
  returns bytea language sql immutable parallel safe as $$
  select sha256(convert_to('{"actorId":' || coalesce(actor_id::text, 'null') || ',"data":' || audit.canonical(data)
    || ',"entityId":' || coalesce(to_json(entity_id)::text, 'null') || ',"organizationId":' || organization_id
    || ',"propertyId":' || coalesce(property_id::text, 'null')
    || ',"recordedAt":"' || to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    || '","requestId":' || coalesce(to_json(request_id)::text, 'null') || ',"schemaVersion":' || schema_version
    || ',"type":' || to_json(type)::text || ',"version":' || version || '}', 'UTF8')) $$;

-- A link: the hash before it (32 zero bytes before the first) and the digest of the event, hashed.
create function audit.link(previous bytea, digest bytea) returns bytea language sql immutable parallel safe as $$
  select sha256(coalesce(previous, '\\x0000000000000000000000000000000000000000000000000000000000000000') || digest) $$;
create function audit.next_link(state bytea, previous bytea, digest bytea) returns bytea language sql immutable parallel safe as $$
  select audit.link(coalesce(state, previous), digest) $$;
-- The links of a run of events behind the hash that the run begins at; over a window, one for each event.
create aggregate audit.chain(previous bytea, digest bytea) (sfunc = audit.next_link, stype = bytea);

-- One row for each event of an organization, as the log holds it: personal fields stay sealed.
create table audit.entries (
  bucket smallint not null,
  organization_id bigint not null,
  version bigint not null,
  recorded_at timestamptz not null,
  type text not null,
  schema_version smallint not null,
  property_id bigint,
  -- What kind of thing the event is about, where it says so.
  entity_type text,
  entity_id text,
  actor_id bigint,
  request_id text,
  data jsonb not null,
  hash bytea not null,
  primary key (bucket, organization_id, version)
);
create index on audit.entries (bucket, organization_id, entity_type, entity_id, version);
select app.protect('audit.entries');
grant select on audit.entries to innkeep_api, innkeep_worker;
grant select, insert, update, delete on audit.entries to innkeep_projector;
revoke all on function audit.canonical_number(numeric), audit.canonical(jsonb), audit.link(bytea, bytea),
  audit.next_link(bytea, bytea, bytea), audit.chain(bytea, bytea),
  audit.digest(bigint, bigint, timestamptz, text, smallint, bigint, text, bigint, text, jsonb) from public;
grant execute on function audit.canonical_number(numeric), audit.canonical(jsonb), audit.link(bytea, bytea),
  audit.next_link(bytea, bytea, bytea), audit.chain(bytea, bytea),
  audit.digest(bigint, bigint, timestamptz, text, smallint, bigint, text, bigint, text, jsonb) to innkeep_projector;
`,
  ),
  sqlMigration(
    1763711001800,
    'drop-audit-chain',
    `
-- The projector makes the chain. Here it is only verified, link by link.
drop aggregate audit.chain(bytea, bytea);
drop function audit.next_link(bytea, bytea, bytea);
`,
  ),
];
