// Empties the database of an installation and migrates it anew: `npm run db:reset`. The apps must be stopped.
import 'reflect-metadata';
import { migrations } from '@innkeep/assembly';
import { readEnvironment } from '@innkeep/platform/config';
import { databaseRoles, migrate, prepareRoles } from '@innkeep/platform/database';
import { Client } from 'pg';
import { z } from 'zod';

const environmentSchema = z.object({ DATABASE_URL: z.string().min(1), DATABASE_ROLE_SECRET: z.string().min(1) });

/** Everything that the product has made is owned by the migrator or the viewer, and lies in schemas of the migrator. */
async function dropSchemas(client: Client): Promise<number> {
  const { rows: connected } = await client.query<{ app: string }>(
    "select distinct application_name as app from pg_stat_activity where datname = current_database() and application_name like 'innkeep-%'",
  );
  if (connected.length > 0)
    throw new Error(`Stop the apps first: ${connected.map(({ app }) => app).join(', ')} are connected.`);
  const { rows } = await client.query<{ name: string }>(
    'select nspname as name from pg_namespace where nspowner = $1::regrole',
    [databaseRoles.migrator],
  );
  for (const { name } of rows) await client.query(`drop schema ${client.escapeIdentifier(name)} cascade`);
  return rows.length;
}

async function main(): Promise<void> {
  const { DATABASE_URL: url, DATABASE_ROLE_SECRET: secret } = readEnvironment(environmentSchema);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    console.log(`dropped ${await dropSchemas(client)} schemas`);
  } finally {
    await client.end();
  }
  await prepareRoles(url, secret);
  console.log(`ran ${(await migrate(url, secret, migrations)).length} migrations`);
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
