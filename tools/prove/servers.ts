import type { Reaper } from '@innkeep/testing';
import { type Shutdown, script } from '../bench/surroundings';

interface ThrowawayServers {
  readonly servers: Readonly<Record<'postgres' | 'state' | 'cache', { readonly pid: number }>>;
}

/**
 * Provides PostgreSQL and Redis with a migrated template: those of `npm test` when it is what runs us, else throwaway ones that end
 * with this process, also when it is killed.
 */
export async function provideServers(shutdown: Shutdown, reaper: Reaper): Promise<void> {
  if (process.env.TEST_ADMIN_URL) return;
  const { startThrowawayServers, makeTemplate, testEnvironment } = await script('test/servers.mjs');
  const servers = (await startThrowawayServers(shutdown)) as ThrowawayServers;
  const pids = Object.values(servers.servers).map(({ pid }) => pid);
  pids.forEach((pid) => reaper.watchId(pid));
  await makeTemplate(servers, shutdown);
  Object.assign(process.env, testEnvironment(servers));
}
