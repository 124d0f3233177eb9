import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { roleUrl } from '@innkeep/platform/database';
import type { ThinOrder } from './thin-server';

const root = join(__dirname, '../../..');
/** A script that starts servers: they run uncompiled, so they are found from the root and at run time. */
export const script = (path: string) => import(pathToFileURL(join(root, 'tools', path)).href);

/** What is there to be undone, last first. */
export interface Shutdown {
  readonly requested: boolean;
  add(undo: () => Promise<unknown>, kill?: () => void): void;
  stop(): Promise<void>;
}

/** PostgreSQL and Redis of the run alone. */
export interface Servers {
  adminUrl(database: string): string;
  readonly redisUrl: string;
  readonly redisCacheUrl: string;
  readonly roleSecret: string;
  readonly logs: string;
  readonly servers: { readonly postgres: { readonly version: string } };
}

/** The product as it is measured, the database below it, and the thin server beside it. */
export interface Surroundings {
  readonly adminUrl: string;
  readonly redisUrl: string;
  readonly postgresVersion: string;
  /** The API as it is delivered. */
  readonly api: number;
  /** The same with no memory for answers: every read is a cold one. */
  readonly coldApi: number;
  /** The same with no limits at all. */
  readonly unlimitedApi: number;
  readonly poolSize: number;
  readonly limits: Readonly<Record<string, string>>;
  startThinServer(order: Omit<ThinOrder, 'databaseUrl' | 'redisUrl' | 'poolSize'>): Promise<number>;
}

/** Nothing is refused while it is measured; the limits are printed with the figures. */
export const limits = {
  RATE_LIMIT_WRITE_USER: '100000000',
  RATE_LIMIT_WRITE_ORGANIZATION: '100000000',
  RATE_LIMIT_READ_USER: '100000000',
  RATE_LIMIT_ADDRESS: '100000000',
  RATE_LIMIT_PLAN: 'off',
};

const noLimits = Object.fromEntries(Object.keys(limits).map((name) => [name, 'off']));

/** Durability as in production: a commit is on the disk before it is answered. When it was is noted, for what measures from there. */
const settings = {
  ...{ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', autovacuum_naptime: '1min' },
  track_commit_timestamp: 'on',
};

const POOL_SIZE = 8;
const DATABASE = 'innkeep';

export async function prepareShutdown(onSignal: (signal: string) => void): Promise<Shutdown> {
  const { prepareShutdown: prepare } = await script('start/shutdown.mjs');
  return prepare(onSignal) as Shutdown;
}

/** Starts throwaway servers, with a migrated template that databases are cloned from. */
export async function startServers(shutdown: Shutdown, say: (line: string) => void): Promise<Servers> {
  const { startThrowawayServers, makeTemplate, testEnvironment } = await script('test/servers.mjs');
  say('starting PostgreSQL and Redis');
  const servers = (await startThrowawayServers(shutdown, settings)) as Servers;
  await makeTemplate(servers, shutdown);
  Object.assign(process.env, testEnvironment(servers));
  return servers;
}

/** Migrates a database and starts the apps on it, on ports of their own. */
export async function startSurroundings(
  servers: Servers,
  shutdown: Shutdown,
  say: (line: string) => void,
): Promise<Surroundings> {
  const { makeTemplate } = await script('test/servers.mjs');
  await makeTemplate(servers, shutdown, DATABASE);
  say('starting the API (again without memory for answers, and again without limits), the projector and the worker');
  const { freePort } = await script('start/ports.mjs');
  const ports: Record<string, number> = {};
  for (const name of ['api', 'coldApi', 'unlimitedApi', 'projector', 'worker'])
    ports[name] = await freePort(Object.values(ports));
  const start = await appStarter(servers, ports, shutdown);
  await Promise.all([
    start('api', ports.api!, {}),
    start('api', ports.coldApi!, { PORT: String(ports.coldApi), ANSWER_CACHE_MEGABYTES: '0' }, 'api-cold'),
    start('api', ports.unlimitedApi!, { PORT: String(ports.unlimitedApi), ...noLimits }, 'api-unlimited'),
    start('projector', ports.projector!, {}),
    start('worker', ports.worker!, {}),
  ]);
  return {
    adminUrl: servers.adminUrl(DATABASE),
    redisUrl: servers.redisUrl,
    postgresVersion: servers.servers.postgres.version,
    api: ports.api!,
    coldApi: ports.coldApi!,
    unlimitedApi: ports.unlimitedApi!,
    poolSize: POOL_SIZE,
    limits,
    startThinServer: (order) =>
      startThinServer(shutdown, {
        ...order,
        databaseUrl: roleUrl(servers.adminUrl(DATABASE), 'innkeep_api', servers.roleSecret),
        redisUrl: servers.redisCacheUrl,
        poolSize: POOL_SIZE,
      }),
  };
}

async function appStarter(servers: Servers, ports: Record<string, number>, shutdown: Shutdown) {
  const [{ appEnvironment }, { launch, openLog }, { newSecrets }] = await Promise.all([
    script('start/apps.mjs'),
    script('start/processes.mjs'),
    script('start/secrets.mjs'),
  ]);
  const secrets = { ...newSecrets(), roleSecret: servers.roleSecret };
  return async (app: string, port: number, further: Record<string, string>, name = app) => {
    const connections = { ...servers, adminUrl: servers.adminUrl(DATABASE) };
    const log = await openLog(join(servers.logs, `${name}.log`));
    const env = {
      ...appEnvironment(app, { servers: connections, secrets, ports }),
      ...limits,
      DATABASE_POOL_SIZE: String(POOL_SIZE),
      NODE_ENV: 'production',
      OPERATOR_PORT: 'off',
      ...further,
    };
    const program = join(root, `dist/apps/${app}/src/main.js`);
    const flags = process.env.BENCH_NODE_FLAGS?.split(' ') ?? [];
    const child = launch(process.execPath, ['--enable-source-maps', ...flags, program], {
      env,
      stdio: ['ignore', log.fd, log.fd],
    });
    shutdown.add(child.stop, child.kill);
    await log.close();
    let hasEnded = false;
    void child.exited.then(() => (hasEnded = true));
    await untilReady(name, port, () => hasEnded, servers.logs);
  };
}

async function untilReady(name: string, port: number, hasEnded: () => boolean, logs: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) {
    if (hasEnded()) throw new Error(`the ${name} ended while it was starting; its log is in ${logs}`);
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`the ${name} did not become ready`);
}

async function startThinServer(shutdown: Shutdown, order: ThinOrder): Promise<number> {
  const child: ChildProcess = fork(join(__dirname, 'thin-server.js'), {
    env: { NODE_ENV: 'production' },
    execArgv: process.env.BENCH_NODE_FLAGS?.split(' ') ?? [],
  });
  shutdown.add(async () => child.connected && child.disconnect());
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the thin server ended')));
    child.once('message', (port: number) => resolve(port));
    child.send(order);
  });
}
