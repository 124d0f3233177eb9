// The three apps: with which environment they run, and when they are ready.
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { superviseApp } from './app-process.mjs';
import { Trouble } from './progress.mjs';
import { masterKeysOf } from './secrets.mjs';
import { listeners, root } from './settings.mjs';

const readyWithin = 120_000;
const require = createRequire(import.meta.url);

/** The environment that all of our processes share: the caller's own, without what would lead pg elsewhere. */
export function inheritedEnvironment() {
  const entries = Object.entries(process.env).filter(([name]) => !/^PG[A-Z]+$/.test(name));
  return Object.fromEntries(entries);
}

/** What each app is given. Nobody gets the admin's connection, and only the API gets keys that sign. */
export function appEnvironment(app, { servers, secrets, ports, dataDir }) {
  const { roleUrl } = require(join(root, 'dist/libs/platform/database/src/role-urls.js'));
  const env = inheritedEnvironment();
  delete env.DATABASE_ROLE_SECRET;
  for (const { app: name, setting } of listeners) env[setting] = String(ports[name]);
  Object.assign(env, {
    DATABASE_URL: roleUrl(servers.adminUrl, `innkeep_${app}`, secrets.roleSecret),
    REDIS_URL: servers.redisUrl,
    REDIS_CACHE_URL: servers.redisCacheUrl,
    MASTER_KEYS: masterKeysOf(secrets),
    DATA_DIR: dataDir,
  });
  if (app !== 'api') return env;
  return {
    ...env,
    SIGNING_KEYS: process.env.SIGNING_KEYS || JSON.stringify(secrets.signingKeys),
    TOKEN_SECRET: process.env.TOKEN_SECRET || secrets.tokenSecret,
  };
}

/** Prepares the three apps; `start()` on each runs it. */
export function prepareApps({ settings, servers, secrets, onGivenUp }) {
  return listeners.map(({ app }) =>
    superviseApp(
      {
        name: app,
        args: ['--enable-source-maps', join(root, `dist/apps/${app}/src/main.js`)],
        env: appEnvironment(app, { servers, secrets, ports: settings.ports, dataDir: settings.dataDir }),
        url: `http://127.0.0.1:${settings.ports[app]}`,
        logFile: join(settings.logs, `${app}.log`),
        record: join(settings.dataDir, 'run'),
      },
      onGivenUp,
    ),
  );
}

/** Waits until all apps answer that they are ready. */
export async function waitUntilReady(apps, logs) {
  const deadline = Date.now() + readyWithin;
  let waiting = apps;
  for (;;) {
    const answers = await Promise.all(waiting.map((app) => app.isReady()));
    waiting = waiting.filter((_, index) => !answers[index]);
    if (waiting.length === 0) return;
    if (Date.now() > deadline) {
      const names = waiting.map((app) => app.name).join(', ');
      throw new Trouble(`Not ready after ${readyWithin / 1000} s: ${names}. Their logs are in ${logs}.`);
    }
    await sleep(100);
  }
}
