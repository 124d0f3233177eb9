// `npm start`: from a fresh clone to a running system. `--watch` (npm run dev) rebuilds and restarts the apps on every change.
// None of these needs a package to be loaded: they run before the dependencies are installed.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, watch } from '../build/build.mjs';
import { prepareApps, waitUntilReady } from './apps.mjs';
import { runTool } from './compiled-tools.mjs';
import { ensureDependencies, requireNode } from './dependencies.mjs';
import { announce, serverEnvironment, takeInstallation } from './installation.mjs';
import { requirePorts } from './ports.mjs';
import { explain, say, step, Trouble } from './progress.mjs';
import { loadSecrets } from './secrets.mjs';
import { startServers } from './servers.mjs';
import { readSettings } from './settings.mjs';
import { prepareShutdown } from './shutdown.mjs';
import { operatorEmail, readLogins, welcome } from './welcome.mjs';

const watching = process.argv.includes('--watch');
let up = false;

const shutdown = prepareShutdown(() => {
  say('  Stopping …  (Ctrl-C again kills)');
  void leave(0);
});

async function leave(code) {
  await shutdown.stop();
  // What was being started in that moment comes up, or fails, and is stopped after it.
  await running.catch(() => {});
  await shutdown.stop();
  if (code === 0) say('  Stopped.');
  process.exit(code);
}

function giveUp(message) {
  if (shutdown.requested) return;
  say(`  ✗ ${message}`);
  void leave(1);
}

/** A step that is not begun once stopping has been asked for. */
async function unlessStopping(label, work) {
  if (shutdown.requested) throw new Trouble('Stopped before it was up.');
  await step(label, work);
}

/** The seed tool names the logins when it made them; they are kept for later starts. */
async function rememberLogins({ dataDir }, logins) {
  const file = join(dataDir, 'demo-logins.json');
  if (logins.length > 0) {
    await writeFile(file, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 });
    return logins;
  }
  return readFile(file, 'utf8').then(JSON.parse, () => []);
}

function followChanges(apps) {
  const stop = watch(async (result) => {
    if (result.error) return say(`  ✗ ${result.error.message ?? result.error}`);
    say(`  ↻ ${result.count} file${result.count === 1 ? '' : 's'} compiled; restarting the apps`);
    await Promise.all(apps.map((app) => app.restart()));
  });
  shutdown.add(async () => stop());
  say('  Watching for changes.');
}

async function runApps({ settings, servers, secrets, beside }) {
  const onGivenUp = (name) => {
    if (up && watching) say(`  ✗ The ${name} does not stay up; it is tried again after the next change.`);
    else giveUp(`The ${name} does not stay up. Stopping.`);
  };
  const apps = prepareApps({ settings, servers, secrets, onGivenUp });
  await unlessStopping('API, projector and worker', async () => {
    shutdown.add(
      () => Promise.all(apps.map((app) => app.stop())),
      () => apps.forEach((app) => app.kill()),
    );
    await Promise.all(apps.map((app) => app.start()));
    await Promise.all([waitUntilReady(apps, settings.logs), beside()]);
  });
  return apps;
}

async function main() {
  requireNode();
  const settings = readSettings();
  say('Starting Innkeep');
  await takeInstallation(settings, shutdown);
  await requirePorts(settings.ports);
  const secrets = await loadSecrets(settings.dataDir);
  await ensureDependencies();
  await unlessStopping('Build', async () => `${await build()} files compiled`);

  const onDeath = (name) => giveUp(`${name} ended; see ${settings.logs}.`);
  const servers = await startServers(settings, secrets, shutdown, onDeath);
  const env = serverEnvironment(servers, secrets);
  await announce(settings, env, shutdown);
  const tool = (name, args) => runTool(name, args, { env, logFile: join(settings.logs, 'tools.log'), shutdown });

  await unlessStopping('Database schema', async () => void (await tool('migrate', [])));
  // While the apps start, which leaves a processor idle now and then.
  const operator = () => tool('operator', ['create', '--email', operatorEmail, '--password', secrets.operatorPassword]);
  const apps = await runApps({ settings, servers, secrets, beside: operator });
  let logins = [];
  await unlessStopping('Demo data', async () => {
    const output = await tool('seed', ['--api', `http://localhost:${settings.ports.api}`]);
    logins = await rememberLogins(settings, readLogins(output));
  });
  if (shutdown.requested) return;
  for (const line of welcome({ settings, operatorPassword: secrets.operatorPassword, logins })) say(line);
  up = true;
  if (watching) followChanges(apps);
}

const running = main();
running.catch((error) => {
  if (shutdown.requested) return;
  say(`\n${explain(error)}`);
  void leave(1);
});
