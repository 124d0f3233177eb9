import { sqlMigration } from '@innkeep/platform/database';

/** The members by name, and the erasure of a user. */
export const membersMigration = sqlMigration(
  1763710200000,
  'create-members',
  `
grant usage on schema identity to innkeep_projector;

create table identity.members (
  bucket smallint not null,
  organization_id bigint not null,
  user_id bigint not null,
  -- Unknown of users whose event is from before names were in it.
  name text,
  added_at timestamptz not null,
  erased_at timestamptz,
  primary key (bucket, organization_id, user_id)
);
select app.protect('identity.members');
grant select on identity.members to innkeep_api;
grant select, insert, update, delete on identity.members to innkeep_projector;

-- The row of an erased user stays, because others refer to it; nothing of the person is left in it.
alter table identity.users add column erased_at timestamptz;
-- Sessions of an erased user go, and their refresh tokens with them.
grant delete on identity.sessions to innkeep_api;
`,
);
