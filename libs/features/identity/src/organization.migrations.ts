import { sqlMigration } from '@innkeep/platform/database';

/** Suspending and closing organizations. */
export const organizationMigrations = [
  sqlMigration(
    1763710500200,
    'add-organization-status',
    `
-- Nobody gets into an organization that is not active, and nothing in it is lost by that.
alter table identity.organizations
  add status text not null default 'active' check (status in ('active', 'suspended', 'closed'));

-- Raised when the organization is suspended or closed: what remembers a key of before asks again.
alter table identity.api_keys add permission_epoch integer not null default 1;

-- What operators did to the organization, and why. Never changed or removed.
create table identity.operator_actions (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  operator_id bigint not null,
  action text not null,
  reason text not null,
  acted_at timestamptz not null default now(),
  primary key (bucket, organization_id, id)
);
select app.protect('identity.operator_actions');
grant select, insert on identity.operator_actions to innkeep_api;
`,
  ),
  sqlMigration(
    1763711000200,
    'let-operators-make-keys',
    `
-- Nobody of the organization made it: an operator did, who is noted with the reason among the operators' actions.
alter table identity.api_keys alter column created_by drop not null;
`,
  ),
  sqlMigration(
    1763711000605,
    'add-closed-at',
    `
-- What an organization has is deleted some time after it was closed. Then its status is the last thing that is left of it.
alter table identity.organizations add closed_at timestamptz;
update identity.organizations set closed_at = now() where status = 'closed';
alter table identity.organizations drop constraint organizations_status_check,
  add constraint organizations_status_check check (status in ('active', 'suspended', 'closed', 'deleted')),
  add constraint organizations_closed_at_check check ((closed_at is not null) = (status in ('closed', 'deleted')));
create index on identity.organizations (closed_at) where status = 'closed';
grant update (status) on identity.organizations to innkeep_worker;

-- Organizations that were closed before, as ids: whether each is to be deleted is decided in its own transaction.
create policy looking on identity.organizations for select to innkeep_migrator using (true);
create function identity.closed_before(p_before timestamptz, p_limit integer) returns setof bigint
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select o.organization_id from identity.organizations o where o.status = 'closed' and o.closed_at < p_before order by o.closed_at limit p_limit $$;
revoke all on function identity.closed_before(timestamptz, integer) from public;
grant execute on function identity.closed_before(timestamptz, integer) to innkeep_worker;
`,
  ),
  sqlMigration(
    1763711000610,
    'let-workers-export',
    `
-- What an export holds, column by column: what is a secret cannot get into one.
grant select (bucket, organization_id, name, status, created_at, closed_at, version) on identity.organizations to innkeep_worker;
grant select (bucket, organization_id, id, email, name, role, status, has_all_properties, created_at, email_verified_at, erased_at, version)
  on identity.users to innkeep_worker;
grant select on identity.property_assignments, identity.operator_actions to innkeep_worker;
grant select (bucket, organization_id, id, email, name, role, property_ids, created_at, expires_at, accepted_at) on identity.invitations
  to innkeep_worker;
grant select (bucket, organization_id, id, name, hint, actor_id, role, scopes, property_ids, created_by, created_at, expires_at, last_used_at,
  revoked_at, version) on identity.api_keys to innkeep_worker;
`,
  ),
];
