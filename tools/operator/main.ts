// Makes a platform operator, or gives one a new password: `create --email e --password p`. Repeating it changes nothing.
import { parseArgs } from 'node:util';
import { hashEmail, hashPassword, verifyPassword } from '@innkeep/platform/security';
import { databaseRoles, roleUrl } from '@innkeep/platform/database';
import { readEnvironment } from '@innkeep/platform/config';
import { Client } from 'pg';
import { z } from 'zod';

const usage = 'usage: operator create --email <address> --password <10 to 200 characters>';

const environmentSchema = z.object({
  /** A connection to the directory's database; the migrator's role takes the place of the one it names. */
  DATABASE_URL: z.string().min(1),
  DATABASE_ROLE_SECRET: z.string().min(1),
});

const inputSchema = z.object({ email: z.string().includes('@').max(320), password: z.string().min(10).max(200) });

function readInput(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { email: { type: 'string' }, password: { type: 'string' } },
  });
  const input = inputSchema.safeParse(values);
  if (positionals.join(' ') !== 'create' || !input.success) throw new Error(usage);
  return input.data;
}

async function createOperator(client: Client, email: string, password: string): Promise<string> {
  const emailHash = hashEmail(email);
  const { rows } = await client.query<{ password_hash: string }>(
    'select password_hash from directory.operators where email_hash = $1',
    [emailHash],
  );
  if (rows[0] && (await verifyPassword(rows[0].password_hash, password))) return 'is an operator already';
  await client.query(
    `insert into directory.operators (email_hash, password_hash) values ($1, $2)
     on conflict (email_hash) do update set password_hash = excluded.password_hash`,
    [emailHash, await hashPassword(password)],
  );
  return rows[0] ? 'has a new password' : 'is an operator now';
}

async function main(): Promise<void> {
  const { email, password } = readInput(process.argv.slice(2));
  const { DATABASE_URL, DATABASE_ROLE_SECRET } = readEnvironment(environmentSchema);
  const client = new Client({ connectionString: roleUrl(DATABASE_URL, databaseRoles.migrator, DATABASE_ROLE_SECRET) });
  await client.connect();
  try {
    console.log(`${email} ${await createOperator(client, email, password)}`);
  } finally {
    await client.end();
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
