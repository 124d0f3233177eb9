import { randomBytes } from 'node:crypto';
import type { Principal, PropertyScope, Role } from '@innkeep/contracts';
import { AccessTokens } from '@innkeep/platform/http';
import {
  type AppName,
  AppProcess,
  type TestOrganization,
  addOrganizations,
  freePorts,
  testMasterKeys,
} from '@innkeep/testing';
import { script } from '../../bench/surroundings';
import type { OwnRedis } from '../own-redis';
import type { Proving } from '../proof';
import type { ProofDatabase } from '../proof-database';

/** Properties of each organization; members see all of them, or some. */
export const PROPERTIES = [1, 2, 3, 4];
const scopes: readonly PropertyScope[] = ['all', [1], [2, 3], [4]];
const roles: readonly Role[] = ['owner', 'manager', 'staff', 'auditor'];

/** Organizations that are written to, two APIs and a projector that tell of it, and tokens for whoever listens. */
export interface LiveWorld {
  readonly organizations: readonly TestOrganization[];
  readonly apis: readonly AppProcess[];
  readonly projector: AppProcess;
  member(index: number): Promise<{ readonly token: string; readonly principal: Principal }>;
}

export async function makeWorld(
  proving: Proving,
  { database }: ProofDatabase,
  redis: OwnRedis,
  count: number,
): Promise<LiveWorld> {
  const [{ newSigningKey }, ports] = await Promise.all([script('start/secrets.mjs'), freePorts(3)]);
  const signingKeys = JSON.stringify([newSigningKey()]);
  const tokens = await AccessTokens.fromJson(signingKeys);
  const environmentOf = (app: AppName, port: number) => ({
    PATH: process.env.PATH ?? '',
    DATABASE_URL: database.urlFor(app),
    DATABASE_POOL_SIZE: '5',
    REDIS_URL: redis.urls[0],
    MASTER_KEYS: testMasterKeys,
    HOST: '127.0.0.1',
    PORT: String(port),
    PROJECTOR_PORT: String(port),
    SIGNING_KEYS: signingKeys,
    TOKEN_SECRET: randomBytes(32).toString('base64url'),
    MAX_EVENT_LOOP_DELAY_MS: '60000',
    RATE_LIMIT_READ_USER: 'off',
    RATE_LIMIT_PLAN: 'off',
    LOG_LEVEL: 'warn',
  });
  const [projector, ...apis] = (['projector', 'api', 'api'] as const).map((name, index) => {
    const environment = environmentOf(name, ports[index]!);
    return new AppProcess({
      name,
      label: `${name} ${index}`,
      port: ports[index]!,
      reaper: proving.reaper,
      environment,
    });
  }) as [AppProcess, AppProcess, AppProcess];
  const processes = [projector, ...apis];
  proving.atEnd(() => Promise.all(processes.map((one) => one.kill())));
  const organizations = await addOrganizations(
    database,
    Array.from({ length: count }, (_, index) => 900 + (index % 7)),
  );
  await Promise.all(processes.map((one) => one.start()));
  const member = async (index: number) => {
    const { organizationId } = organizations[index % count]!;
    const principal: Principal = {
      organizationId,
      userId: 1_000_000 + index,
      role: roles[Math.floor(index / count) % roles.length]!,
      properties: scopes[Math.floor(index / count / roles.length) % scopes.length]!,
      permissionEpoch: 1,
      sessionId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    };
    return { token: await tokens.issue(principal), principal };
  };
  return { organizations, apis, projector, member };
}
