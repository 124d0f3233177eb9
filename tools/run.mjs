// Runs one of the workspace's tools (`tools/<name>/main.ts`) from its compiled form: `node tools/run.mjs import --file ...`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build/build.mjs';
import { ensureDependencies } from './start/dependencies.mjs';
import { joinInstallation } from './start/installation.mjs';
import { explain } from './start/progress.mjs';
import { readSettings, root } from './start/settings.mjs';
import { prepareShutdown } from './start/shutdown.mjs';

/** Tools that work on the database of an installation: the one that runs, or one started for as long as the tool takes. */
const onInstallation = new Set([
  'migrate',
  'operator',
  'reset',
  'projections',
  'audit',
  'events',
  'master-keys',
  'organizations',
  'edge',
]);

const [name, ...args] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(name ?? '')) {
  console.error('usage: node tools/run.mjs <tool> [arguments]');
  process.exit(2);
}

let tool;
const shutdown = prepareShutdown((signal) => tool?.kill(signal));

/** The demo goes through an API; large numbers of organizations go straight into the database. */
const needsInstallation = () =>
  onInstallation.has(name) || (name === 'seed' && args.some((argument) => argument.startsWith('--organizations')));

async function environment() {
  if (!needsInstallation()) return {};
  const settings = readSettings();
  return { DATA_DIR: settings.dataDir, ...(await joinInstallation(settings, shutdown)) };
}

async function run() {
  await ensureDependencies();
  await build();
  const env = { ...process.env, ...(await environment()) };
  if (shutdown.requested) return 130;
  tool = spawn(process.execPath, ['--enable-source-maps', join(root, `dist/tools/${name}/main.js`), ...args], {
    stdio: 'inherit',
    env,
  });
  return new Promise((resolve) => tool.once('exit', (code, signal) => resolve(signal ? 130 : (code ?? 1))));
}

const code = await run().catch((error) => {
  console.error(explain(error));
  return 1;
});
await shutdown.stop();
process.exit(code);
