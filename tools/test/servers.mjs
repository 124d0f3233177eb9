// PostgreSQL and Redis for tests and measurements: in a folder of their own below the system's temporary one, gone afterwards.
import { chmod, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from '../start/compiled-tools.mjs';
import { ensureDatabase, startPostgres } from '../start/postgres.mjs';
import { commandOf, endLeftovers, endProcess } from '../start/processes.mjs';
import { freePort } from '../start/ports.mjs';
import { say, Trouble } from '../start/progress.mjs';
import { findRedis, startBothRedis } from '../start/redis.mjs';
import { randomSecret } from '../start/secrets.mjs';

const prefix = 'innkeep-throwaway-';
const templateName = 'innkeep_template';

/** Nothing here has to survive a power cut, and a database is cloned for each test file. */
const hurried = {
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum_naptime: '10s' },
  // A test that reads the log tells its own database's lines from the others'.
  log_line_prefix: '%m [%p] %d ',
};

/** Ends the servers and removes the folders of runs that were killed. */
async function sweep() {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(tmpdir(), name);
    const owner = Number(await readFile(join(folder, 'owner'), 'utf8').catch(() => ''));
    // Without the note the folder is younger than its note, or not ours.
    if (!owner || (await commandOf(owner)).includes('node')) continue;
    for (const records of ['shared', 'run']) await endLeftovers(join(folder, records));
    const home = await realpath(join(folder, 'postgres')).catch(() => join(folder, 'postgres'));
    const pid = Number((await readFile(join(home, 'data/postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]);
    if (pid && (await commandOf(pid)).includes(home)) await endProcess(pid, 'SIGQUIT');
    for (const path of [home, folder]) await rm(path, { recursive: true, force: true });
  }
}

async function makeFolder() {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await writeFile(join(folder, 'owner'), String(process.pid));
  // The user that PostgreSQL runs as when we are root has to get through to its own folder.
  await chmod(folder, 0o711);
  return folder;
}

/**
 * Starts throwaway servers; `flags` are further PostgreSQL settings. Answers with `adminUrl(database)`, `redisUrl`,
 * `redisCacheUrl`, `roleSecret`, `folder` and `logs`. Every server is added to `shutdown`, the folder too.
 */
export async function startThrowawayServers(shutdown, flags = {}) {
  await sweep().catch((error) => say(`  ! Earlier throwaway servers could not be cleared: ${error.message}`));
  const program = await findRedis();
  if (!program && process.env.CI === 'true') throw new Trouble('The tests need a real Redis: install redis-server.');
  const folder = await makeFolder();
  shutdown.add(() => rm(folder, { recursive: true, force: true }));
  const logs = join(folder, 'logs');
  const password = randomSecret(18);
  const postgres = await startPostgres({
    folder: join(folder, 'postgres'),
    password,
    flags: { ...hurried, ...flags },
    logFile: join(logs, 'postgres.log'),
  });
  shutdown.add(async () => {
    await postgres.stop();
    await rm(postgres.home, { recursive: true, force: true });
  }, postgres.kill);
  const state = await freePort();
  const ports = { state, cache: await freePort([state]) };
  const redis = await startBothRedis({
    program,
    folder,
    ports,
    password,
    durable: false,
    logs,
    record: join(folder, 'run'),
  });
  for (const role of [redis.state, redis.cache]) shutdown.add(role.stop, role.kill);
  // Apps that a test has started for others too.
  shutdown.add(() => endLeftovers(join(folder, 'shared')));
  return {
    adminUrl: postgres.url,
    redisUrl: redis.state.url,
    redisCacheUrl: redis.cache.url,
    roleSecret: randomSecret(),
    folder,
    logs,
    servers: { postgres, ...redis },
  };
}

/** Makes the migrated database that tests clone theirs from. The compiled migrate tool must be there. */
export async function makeTemplate(servers, shutdown, name = templateName) {
  await ensureDatabase(servers.servers.postgres, name);
  const env = { DATABASE_URL: servers.adminUrl(name), DATABASE_ROLE_SECRET: servers.roleSecret };
  await runTool('migrate', [], { env, logFile: join(servers.logs, 'tools.log'), shutdown });
  return name;
}

/** What tests find in their environment. */
export function testEnvironment(servers) {
  return {
    TEST_ADMIN_URL: servers.adminUrl('postgres'),
    TEST_TEMPLATE: templateName,
    TEST_ROLE_SECRET: servers.roleSecret,
    TEST_POSTGRES_LOG: join(servers.logs, 'postgres.log'),
    TEST_FOLDER: servers.folder,
    TEST_REDIS_URL: servers.redisUrl,
    TEST_REDIS_CACHE_URL: servers.redisCacheUrl,
  };
}
