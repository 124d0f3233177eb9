// `npm test -- <jest arguments>`: all tests, on PostgreSQL and Redis of their own. Ends with jest's summary and exit code.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from '../build/build.mjs';
import { inheritedEnvironment } from '../start/apps.mjs';
import { ensureDependencies, requireNode } from '../start/dependencies.mjs';
import { searchPath } from '../start/programs.mjs';
import { explain, say, step, Trouble } from '../start/progress.mjs';
import { root } from '../start/settings.mjs';
import { prepareShutdown } from '../start/shutdown.mjs';
import { describeMissing, providePrograms } from './programs.mjs';
import { makeTemplate, startThrowawayServers, testEnvironment } from './servers.mjs';

let jest;
const shutdown = prepareShutdown((signal) => {
  // On Ctrl-C jest has the signal from the terminal already; a second one does it no harm.
  jest?.kill(signal);
  if (!jest) void leave(130);
});

async function leave(code) {
  await shutdown.stop();
  await preparing.catch(() => {});
  await shutdown.stop();
  process.exit(code);
}

async function requirePrograms() {
  const missing = await providePrograms();
  if (missing.length === 0) return;
  if (process.env.CI === 'true')
    throw new Trouble(`With CI=true no test may be skipped. Missing: ${describeMissing(missing)}.`);
  say(`  ! Tests that need what is missing here will be skipped: ${describeMissing(missing)}.`);
}

async function prepare() {
  requireNode();
  await ensureDependencies();
  await requirePrograms();
  await step('Build', async () => `${await build()} files compiled`);
  let servers;
  await step('PostgreSQL and Redis for the tests', async () => {
    servers = await startThrowawayServers(shutdown);
  });
  await step('Database template', async () => makeTemplate(servers, shutdown));
  return testEnvironment(servers);
}

function environmentFor(found) {
  const env = { ...inheritedEnvironment(), ...found, PATH: searchPath() };
  // A run must not reach the servers of the one who runs it.
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'REDIS_CACHE_URL', 'DATABASE_ROLE_SECRET', 'DATA_DIR'])
    delete env[name];
  // Source maps of everything that jest compiles would cost more than the tests; jest maps its stacks itself.
  env.NODE_OPTIONS = (env.NODE_OPTIONS ?? '').replace('--enable-source-maps', '').trim();
  return env;
}

async function runJest(found) {
  const program = join(root, 'node_modules/jest/bin/jest.js');
  const args = [program, '--config', join(root, 'jest.config.cjs'), ...process.argv.slice(2)];
  const env = environmentFor(found);
  if (shutdown.requested) return 130;
  jest = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env });
  return new Promise((resolve) => jest.once('exit', (code, signal) => resolve(signal ? 130 : code)));
}

const preparing = prepare();
preparing
  .then(runJest)
  .then(leave)
  .catch((error) => {
    if (shutdown.requested) return;
    say(`\n${explain(error)}`);
    void leave(1);
  });
