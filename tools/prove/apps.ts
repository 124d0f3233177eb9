import { randomBytes } from 'node:crypto';
import { type AppName, AppProcess, freePorts, testMasterKeys } from '@innkeep/testing';
import { script } from '../bench/surroundings';
import type { OwnRedis } from './own-redis';
import type { Proving } from './proof';
import type { ProofDatabase } from './proof-database';

const apps = ['api', 'projector', 'worker'] as const;

/**
 * The whole product on a Redis that may be taken from it, without limits. What a setting says may depend on where the API will listen.
 */
export async function startApps(
  proving: Proving,
  { database }: ProofDatabase,
  redis: OwnRedis,
  more: Record<string, string> | ((api: number) => Promise<Record<string, string>>),
): Promise<[api: AppProcess, projector: AppProcess, worker: AppProcess]> {
  const [{ newSigningKey }, ports] = await Promise.all([script('start/secrets.mjs'), freePorts(3)]);
  const own = typeof more === 'function' ? await more(ports[0]!) : more;
  const settings = ['PORT', 'PROJECTOR_PORT', 'WORKER_PORT'].map((name, index) => [name, String(ports[index])]);
  const limits = ['WRITE_USER', 'WRITE_ORGANIZATION', 'READ_USER', 'ADDRESS'].map((name) => [
    `RATE_LIMIT_${name}`,
    '100000000',
  ]);
  const environmentOf = (app: AppName) => ({
    PATH: process.env.PATH ?? '',
    DATABASE_URL: database.urlFor(app),
    DATABASE_POOL_SIZE: '4',
    REDIS_URL: redis.urls[0],
    REDIS_CACHE_URL: redis.urls[1],
    MASTER_KEYS: testMasterKeys,
    HOST: '127.0.0.1',
    ...Object.fromEntries([...settings, ...limits, ['RATE_LIMIT_PLAN', 'off']]),
    SIGNING_KEYS: JSON.stringify([newSigningKey()]),
    TOKEN_SECRET: randomBytes(32).toString('base64url'),
    ...own,
  });
  const { reaper } = proving;
  const processes = apps.map(
    (name, index) => new AppProcess({ name, port: ports[index]!, reaper, environment: environmentOf(name) }),
  );
  proving.atEnd(() => Promise.all(processes.map((app) => app.kill())));
  await Promise.all(processes.map((app) => app.start()));
  return processes as [AppProcess, AppProcess, AppProcess];
}
