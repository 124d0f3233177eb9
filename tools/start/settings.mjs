// What the environment may choose, read and checked in one place.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Trouble } from './progress.mjs';

/** The root folder of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The listeners of the three apps: the environment variable that moves each, and where it is by default. */
export const listeners = [
  { app: 'api', title: 'API', setting: 'PORT', fallback: 4000 },
  { app: 'projector', title: 'projector', setting: 'PROJECTOR_PORT', fallback: 4001 },
  { app: 'worker', title: 'worker', setting: 'WORKER_PORT', fallback: 4002 },
];

function readPort(env, { setting, fallback }) {
  const text = env[setting] || String(fallback);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Trouble(`${setting}=${text} is not a port: give a number from 1 to 65535.`);
  }
  return port;
}

/** Where things live, on which ports, and which servers of one's own are to be used. */
export function readSettings(env = process.env) {
  const dataDir = env.DATA_DIR ? resolve(env.DATA_DIR) : join(root, '.innkeep');
  return {
    dataDir,
    logs: join(dataDir, 'logs'),
    ports: Object.fromEntries(listeners.map((listener) => [listener.app, readPort(env, listener)])),
    databaseUrl: env.DATABASE_URL || undefined,
    redisUrl: env.REDIS_URL || undefined,
    redisCacheUrl: env.REDIS_CACHE_URL || env.REDIS_URL || undefined,
  };
}
