// The keys that wrap the keys of persons: `npm run master-keys -- status`, `npm run master-keys -- rewrap`.
import 'reflect-metadata';
import { readEnvironment } from '@innkeep/platform/config';
import { databaseRoles, roleUrl } from '@innkeep/platform/database';
import { MasterKeys, checkMasterKeys, readMasterKeyUse, rewrapKeys } from '@innkeep/platform/privacy';
import { Pool } from 'pg';
import { z } from 'zod';

const environmentSchema = z.object({
  DATABASE_URL: z.string().min(1),
  DATABASE_ROLE_SECRET: z.string().min(1),
  MASTER_KEYS: z.string().min(2),
});

const usage = `usage: npm run master-keys -- <command>

  status    which master keys wrap how many keys of persons
  rewrap    wraps all of them by the first of MASTER_KEYS, and says which others are no longer needed`;

async function status(pool: Pool, masterKeys: MasterKeys): Promise<void> {
  const used = await readMasterKeyUse(pool);
  const unused = masterKeys.ids.filter((id) => !used.some((one) => one.id === id));
  console.table([
    ...used.map((one) => ({
      ...one,
      isConfigured: masterKeys.ids.includes(one.id),
      isCurrent: one.id === masterKeys.current,
    })),
    ...unused.map((id) => ({ id, subjectKeys: 0, isConfigured: true, isCurrent: id === masterKeys.current })),
  ]);
}

async function rewrap(pool: Pool, masterKeys: MasterKeys): Promise<void> {
  await checkMasterKeys(pool, masterKeys);
  let done = 0;
  const forgotten = await rewrapKeys(pool, masterKeys, (keys) => (done += keys));
  console.log(`${done} keys are wrapped by ${masterKeys.current} now`);
  if (forgotten.length > 0) console.log(`no longer needed in MASTER_KEYS: ${forgotten.join(', ')}`);
}

async function main(): Promise<number> {
  const commands: Record<string, typeof status> = { status, rewrap };
  const command = commands[process.argv[2] ?? ''];
  if (!command) {
    console.error(usage);
    return 2;
  }
  const { DATABASE_URL, DATABASE_ROLE_SECRET, MASTER_KEYS } = readEnvironment(environmentSchema);
  const pool = new Pool({
    connectionString: roleUrl(DATABASE_URL, databaseRoles.migrator, DATABASE_ROLE_SECRET),
    max: 1,
    application_name: 'master-keys-tool',
  });
  try {
    await command(pool, MasterKeys.fromJson(MASTER_KEYS));
    return 0;
  } finally {
    await pool.end();
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error((error as Error).message);
    process.exitCode = 1;
  },
);
