import 'reflect-metadata';
import { migrations } from '@innkeep/assembly';
import { migrate, prepareRoles } from '@innkeep/platform/database';

/** `npm run db:migrate`: makes the roles, then runs the migrations that have not run yet. */
async function main(): Promise<void> {
  const { DATABASE_URL: url, DATABASE_ROLE_SECRET: secret } = process.env;
  if (!url || !secret) throw new Error('Set DATABASE_URL (a role that may create roles) and DATABASE_ROLE_SECRET.');
  await prepareRoles(url, secret);
  const done = await migrate(url, secret, migrations);
  console.log(done.length > 0 ? `ran ${done.length} migrations: ${done.join(', ')}` : 'the database is up to date');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
