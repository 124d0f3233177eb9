import { sqlMigration } from '@innkeep/platform/database';

/** Where the versions at which an organization's read models changed are kept. */
export const headsMigration = sqlMigration(
  1763711002000,
  'one-row-of-heads',
  `
-- The versions at which the read models of an organization last changed, by read model: what the ETag of a report is made of. One row
-- for all of them, because an event changes eight or more at once: a row for each was a third of what folding it took.
alter table events.projection_heads no force row level security;
create temporary table heads_before on commit drop as
  select bucket, organization_id, jsonb_object_agg(projection, version) as versions from events.projection_heads group by 1, 2;
drop table events.projection_heads;
create table events.projection_heads (
  bucket smallint not null,
  organization_id bigint not null,
  versions jsonb not null,
  primary key (bucket, organization_id)
) with (fillfactor = 70);
insert into events.projection_heads select * from heads_before;
select app.protect('events.projection_heads');
grant select on events.projection_heads to innkeep_api, innkeep_worker;
grant select, insert, update, delete on events.projection_heads to innkeep_projector;

-- How an organization stands in the snapshot of the caller: see Freshness in the database library.
create or replace function events.freshness(p_bucket smallint, p_organization_id bigint, p_projections text[], p_tags text[], p_reads_state boolean,
    out applied bigint, out changed bigint, out is_purge_pending boolean)
  language plpgsql stable as $$
declare head events.organization_heads;
begin
  select * into head from events.organization_heads h where h.bucket = p_bucket and h.organization_id = p_organization_id;
  applied := coalesce(head.version, 0);
  changed := applied;
  if cardinality(p_projections) > 0 then
    select min(events.applied_version(p_bucket, p_organization_id, name, head.version, head.position)) into applied from unnest(p_projections) name;
    if not p_reads_state then
      select coalesce(max((h.versions ->> name)::bigint), 0) into changed from events.projection_heads h, unnest(p_projections) name
        where h.bucket = p_bucket and h.organization_id = p_organization_id;
    end if;
  end if;
  is_purge_pending := cardinality(p_tags) > 0 and exists (select from edge.purge_asks a
    where a.bucket = p_bucket and a.organization_id = p_organization_id and a.tag = any (p_tags) and a.repeats_left > 0);
end $$;
`,
);
