import { once } from 'node:events';
import { AppProcess, freePorts, testMasterKeys, testRedis } from '@innkeep/testing';
import { Redis } from 'ioredis';
import type { Proving } from './proof';
import type { ProofDatabase } from './proof-database';

/** A database number of Redis that the tests of the apps do not take. */
const OWN_REDIS = 15;

/** The address of a Redis database for the proof alone, emptied before and after. */
export async function ownRedis(proving: Proving): Promise<string> {
  const url = new URL(testRedis().state);
  url.pathname = `/${OWN_REDIS}`;
  const redis = new Redis(url.toString());
  await once(redis, 'ready');
  proving.atEnd(async () => {
    await redis.flushdb();
    await redis.quit();
  });
  await redis.flushdb();
  return url.toString();
}

/** Projector processes, as delivered; each has a name by which its connections are known. */
export async function projectorProcesses(
  names: readonly string[],
  proving: Proving,
  { database }: ProofDatabase,
): Promise<AppProcess[]> {
  const redisUrl = await ownRedis(proving);
  const ports = await freePorts(names.length);
  return names.map((name, index) => {
    const url = new URL(database.urlFor('projector'));
    url.searchParams.set('application_name', name);
    const process = new AppProcess({
      name: 'projector',
      label: name,
      port: ports[index]!,
      reaper: proving.reaper,
      environment: {
        PATH: globalThis.process.env.PATH ?? '',
        DATABASE_URL: url.toString(),
        DATABASE_POOL_SIZE: '6',
        REDIS_URL: redisUrl,
        MASTER_KEYS: testMasterKeys,
        HOST: '127.0.0.1',
        PROJECTOR_PORT: String(ports[index]),
      },
    });
    proving.atEnd(() => process.kill());
    return process;
  });
}
