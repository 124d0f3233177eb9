// An installation is a data folder with its secrets and servers. One process at a time runs it; tools may join the one that does.
import { access, chmod, constants, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeLock } from './lock.mjs';
import { endLeftovers } from './processes.mjs';
import { say, Trouble } from './progress.mjs';
import { loadSecrets, masterKeysOf } from './secrets.mjs';
import { startServers } from './servers.mjs';

const holders = /start\.mjs|run\.mjs/;

async function prepareDataFolder(dataDir) {
  const existed = await stat(dataDir).catch(() => undefined);
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK);
  } catch (error) {
    throw new Trouble(`The data folder ${dataDir} cannot be written (${error.code}). Choose another with DATA_DIR.`);
  }
  // Whatever the umask says: PostgreSQL runs as another user when we are root, and must get through to its own folder.
  if (!existed && process.getuid?.() === 0) await chmod(dataDir, 0o755);
}

/** Makes the data folder ours until the shutdown, and ends what a killed start left running in it. */
export async function takeInstallation({ dataDir }, shutdown) {
  await prepareDataFolder(dataDir);
  const lock = await takeLock(join(dataDir, 'start.lock'), holders);
  if (lock.holder) {
    throw new Trouble(
      `Innkeep already runs on ${dataDir} (process ${lock.holder}). Stop it first, or give this one a DATA_DIR and ports of its own.`,
    );
  }
  shutdown.add(lock.release);
  const ended = await endLeftovers(join(dataDir, 'run'));
  if (ended.length > 0) say(`  An earlier start was killed and left running: ${ended.join(', ')}. Stopped.`);
}

/** What a tool finds in its environment: the admin's connection, the secret of the roles, the master keys, both Redis roles. */
export function serverEnvironment({ adminUrl, redisUrl, redisCacheUrl }, secrets) {
  return {
    DATABASE_URL: adminUrl,
    DATABASE_ROLE_SECRET: secrets.roleSecret,
    MASTER_KEYS: masterKeysOf(secrets),
    REDIS_URL: redisUrl,
    REDIS_CACHE_URL: redisCacheUrl,
  };
}

const runningFile = (dataDir) => join(dataDir, 'running.json');

/** Leaves a note by which tools find the servers while they run. */
export async function announce({ dataDir }, environment, shutdown) {
  const file = runningFile(dataDir);
  await rm(file, { force: true });
  await writeFile(file, JSON.stringify(environment), { mode: 0o600 });
  shutdown.add(() => rm(file, { force: true }));
}

/** The environment of the running installation; when none runs, its servers are started until the shutdown. */
export async function joinInstallation(settings, shutdown) {
  const secrets = await prepareDataFolder(settings.dataDir).then(() => loadSecrets(settings.dataDir));
  if (settings.databaseUrl && settings.redisUrl)
    return serverEnvironment({ ...settings, adminUrl: settings.databaseUrl }, secrets);
  const running = await readFile(runningFile(settings.dataDir), 'utf8').then(JSON.parse, () => undefined);
  const lock = await takeLock(join(settings.dataDir, 'start.lock'), holders);
  if (lock.holder && running) return running;
  await lock.release?.();
  await takeInstallation(settings, shutdown);
  return serverEnvironment(await startServers(settings, secrets, shutdown), secrets);
}
