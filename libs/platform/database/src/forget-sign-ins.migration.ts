import { sqlMigration } from './migrations';

/** The directory forgets the addresses of a user who was erased. */
export const forgetSignInsMigration = sqlMigration(
  1763700090100,
  'create-directory-forget-sign-ins',
  `
create index on directory.sign_ins (organization_id, user_id);

-- By user, because the address itself is gone when this is called.
create function directory.forget_sign_ins(p_organization_id bigint, p_user_id bigint) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$ delete from directory.sign_ins where organization_id = p_organization_id and user_id = p_user_id $$;
revoke all on function directory.forget_sign_ins(bigint, bigint) from public;
grant execute on function directory.forget_sign_ins(bigint, bigint) to innkeep_api;
`,
);
