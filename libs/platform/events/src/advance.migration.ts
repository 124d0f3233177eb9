import { sqlMigration } from '@innkeep/platform/database';

/** Checkpoints that are compared in the database, so that nobody has to read an answer before the commit is sent. */
export const advanceMigration = sqlMigration(
  1763711000250,
  'require-advanced',
  `
-- Fails the transaction unless as many checkpoints were advanced as should be: another instance has moved the others.
create function events.require_advanced(p_advanced bigint, p_expected bigint) returns void
  language plpgsql as $$
begin
  if p_advanced <> p_expected then
    raise exception 'of % checkpoints % have moved on', p_expected, p_expected - p_advanced using errcode = 'IK001';
  end if;
end $$;
revoke all on function events.require_advanced(bigint, bigint) from public;
grant execute on function events.require_advanced(bigint, bigint) to innkeep_projector;
`,
);
