import { randomBytes } from 'node:crypto';
import {
  type AppName,
  AppProcess,
  type Reaper,
  type TestDatabase,
  freePorts,
  startVarnish,
  testMasterKeys,
  testRedis,
} from '@innkeep/testing';
import { script } from '../../bench/surroundings';

const apps = ['api', 'projector', 'worker'] as const;

/** Where the apps are to run, and what ends them. */
export interface EdgeSurroundings {
  readonly database: Pick<TestDatabase, 'urlFor'>;
  readonly redisUrl: string;
  readonly reaper: Reaper;
  /** What the edge keeps is kept in a file, to be looked through. */
  readonly isStoredInFile?: boolean;
  atEnd(undo: () => Promise<unknown>): void;
}

/** The three apps behind Varnish: the addresses of the edge and of the API behind it, and all that the edge holds. */
export interface EdgeSystem {
  readonly url: string;
  readonly origin: string;
  stored(): Promise<Buffer>;
}

/** Starts the three apps behind Varnish. */
export async function startEdge(surroundings: EdgeSurroundings): Promise<EdgeSystem> {
  const { database, redisUrl, reaper } = surroundings;
  const [{ newSigningKey }, ports] = await Promise.all([script('start/secrets.mjs'), freePorts(3)]);
  const varnish = await startVarnish({ originPort: ports[0]!, isStoredInFile: surroundings.isStoredInFile });
  surroundings.atEnd(() => varnish.stop());
  const limits = ['WRITE_USER', 'WRITE_ORGANIZATION', 'READ_USER', 'ADDRESS'].map((name) => `RATE_LIMIT_${name}`);
  const environmentOf = (app: AppName) => ({
    PATH: process.env.PATH ?? '',
    DATABASE_URL: database.urlFor(app),
    DATABASE_POOL_SIZE: '5',
    REDIS_URL: redisUrl,
    REDIS_CACHE_URL: testRedis().cache,
    MASTER_KEYS: testMasterKeys,
    HOST: '127.0.0.1',
    CDN_PROVIDER: 'varnish',
    VARNISH_URLS: varnish.purgeUrl,
    MAX_EVENT_LOOP_DELAY_MS: '60000',
    ...Object.fromEntries(['PORT', 'PROJECTOR_PORT', 'WORKER_PORT'].map((name, index) => [name, String(ports[index])])),
    ...Object.fromEntries([...limits, 'RATE_LIMIT_PLAN'].map((name) => [name, 'off'])),
    SIGNING_KEYS: JSON.stringify([newSigningKey()]),
    TOKEN_SECRET: randomBytes(32).toString('base64url'),
  });
  const processes = apps.map(
    (name, index) => new AppProcess({ name, port: ports[index]!, reaper, environment: environmentOf(name) }),
  );
  surroundings.atEnd(() => Promise.all(processes.map((app) => app.kill())));
  surroundings.atEnd(async () => {
    for (const app of processes)
      if (!app.isRunning) console.error(`the ${app.name} has ended`, app.lines.slice(-8).join('\n'));
  });
  await Promise.all(processes.map((app) => app.start()));
  return { url: varnish.url, origin: processes[0]!.url, stored: () => varnish.stored() };
}
