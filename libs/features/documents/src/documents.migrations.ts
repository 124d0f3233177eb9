import { sqlMigration } from '@innkeep/platform/database';

export const documentsMigrations = [
  sqlMigration(
    1763711000800,
    'create-documents',
    `
create schema documents;
grant usage on schema documents to innkeep_api, innkeep_worker, innkeep_projector;

-- Files that were announced, and what became of them. What is to be done next is due at due_at: giving up an upload, making small images,
-- removing files.
create table documents.documents (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  status text not null default 'started' check (status in ('started', 'complete', 'refused', 'abandoned', 'removed')),
  kind text not null,
  subject_kind text not null,
  subject_id text not null,
  property_id bigint,
  name text not null,
  media_type text not null,
  bytes bigint not null,
  sha256 text not null,
  started_by bigint not null,
  started_at timestamptz not null,
  upload_until timestamptz not null,
  -- Where its file is kept, once somebody has looked at it.
  file text,
  completed_at timestamptz,
  retain_until timestamptz,
  ended_at timestamptz,
  refusal text,
  preview text not null default 'none' check (preview in ('none', 'waiting', 'ready', 'failed')),
  width integer,
  height integer,
  asset_hash text,
  asset_bytes bigint,
  attempts smallint not null default 0,
  due_at timestamptz,
  version bigint not null,
  primary key (bucket, organization_id, id),
  check (status <> 'complete' or (file is not null and completed_at is not null))
);
create index on documents.documents (bucket, organization_id, subject_kind, subject_id, id) where status = 'complete';
create index on documents.documents (bucket, organization_id, asset_hash) where asset_hash is not null;
create index on documents.documents (due_at) where due_at is not null;
create index on documents.documents (retain_until) where status = 'complete';
create index on documents.documents (ended_at) where ended_at is not null;
select app.protect('documents.documents');
grant select, insert, update on documents.documents to innkeep_api, innkeep_worker;

-- What is due of all organizations, as keys: the rows themselves are looked at one organization at a time.
create policy looking on documents.documents for select to innkeep_migrator using (true);
create function documents.work_due(p_limit integer) returns table (organization_id bigint, id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.organization_id, d.id from documents.documents d where d.due_at <= clock_timestamp() order by d.due_at limit p_limit $$;
create function documents.retention_due(p_now timestamptz, p_limit integer) returns table (organization_id bigint, id text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.organization_id, d.id::text from documents.documents d
  where d.status = 'complete' and d.retain_until <= p_now order by d.retain_until limit p_limit $$;

-- What is known of files that are long gone. Answers how many rows went.
create policy housekeeping on documents.documents for delete to innkeep_migrator
  using (ended_at < now() - interval '30 days' and due_at is null);
create function documents.delete_old(batch integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone integer;
begin
  delete from documents.documents where ctid in (select ctid from documents.documents
    where ended_at < now() - interval '30 days' and due_at is null limit batch);
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke all on function documents.work_due(integer), documents.retention_due(timestamptz, integer), documents.delete_old(integer) from public;
grant execute on function documents.work_due(integer), documents.retention_due(timestamptz, integer), documents.delete_old(integer)
  to innkeep_worker;
`,
  ),
  sqlMigration(
    1763711001600,
    'end-documents-of-guests',
    `
-- When it is to be asked again whether a document of a guest may still be kept.
alter table documents.documents add column review_at timestamptz;
create index on documents.documents (review_at) where review_at is not null;
create index on documents.documents (bucket, organization_id, subject_id)
  where subject_kind = 'guest' and status in ('started', 'complete');

-- Documents of guests whose time may be over, and those of guests who were erased. Of the latter whatever was missed goes by its time.
create function documents.guest_documents_due(p_now timestamptz, p_limit integer) returns table (organization_id bigint, id text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select due.organization_id, due.id::text from (
    select d.organization_id, d.id, d.review_at as due_at from documents.documents d where d.review_at <= p_now
    union all
    select d.organization_id, d.id, k.erased_at from privacy.subject_keys k join documents.documents d
      on d.bucket = k.bucket and d.organization_id = k.organization_id and d.subject_id = substr(k.subject, length('guest:') + 1)
    where k.erased_at > p_now - interval '30 days' and k.subject like 'guest:%' and d.subject_kind = 'guest'
      and d.status in ('started', 'complete') and (d.review_at > p_now or d.review_at is null)
  ) due order by due.due_at limit p_limit $$;
revoke all on function documents.guest_documents_due(timestamptz, integer) from public;
grant execute on function documents.guest_documents_due(timestamptz, integer) to innkeep_worker;
`,
  ),
];
