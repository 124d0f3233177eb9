import { type RecordedEvent, TransactionRecorded } from '@innkeep/contracts';
import { Directory, Shard, Shards, UnitOfWork } from '@innkeep/platform/database';
import { RedisCommitHints } from '@innkeep/platform/events';
import { AccessTokens } from '@innkeep/platform/http';
import { encodeEntry, keysOf, toEntry } from '@innkeep/platform/realtime';
import {
  AppProcess,
  Reaper,
  addOrganizations,
  createTestDatabase,
  freePorts,
  ownerOf,
  testMasterKeys,
} from '@innkeep/testing';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { type Servers, type Shutdown, script } from '../surroundings';
import type { WireName } from './wires';

/** Where the stream of the product is. */
export const PATH = '/v2/realtime/stream';

/** How many hold how many streams. */
export interface Size {
  readonly servers: number;
  /** At each server. */
  readonly streams: number;
  readonly listenersEach: number;
  readonly seconds: number;
}

/** Something that holds streams, in processes of its own. */
export interface Subject {
  readonly name: string;
  readonly wire: WireName;
  readonly pids: readonly number[];
  readonly ports: readonly number[];
  /** Tells everybody of an organization something, now. */
  tell(organization: number, count: number): void;
}

/** The product with organizations to write to, and tokens for whoever listens. */
export interface World {
  readonly subject: Subject;
  readonly tokensOf: (server: number) => readonly string[];
  readonly crowd: string;
  readonly everybody: string;
  record(organization: number): Promise<void>;
  /** Ends a server in order, or as a crash does, and starts it again. */
  restart(server: number, how: 'stop' | 'kill'): Promise<void>;
}

export const eventOf = (organizationId: number, version: number): RecordedEvent => ({
  ...{ bucket: 1, organizationId, position: 0, version, schemaVersion: 1, type: 'TransactionRecorded' },
  ...{ propertyId: 1, entityId: '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11', requestId: 'bench', recordedAt: new Date() },
  data: transaction(),
});

const transaction = () => ({
  ...{
    transactionId: crypto.randomUUID(),
    propertyId: 1,
    kind: 'expense' as const,
    amountCents: 1_250,
    currency: 'EUR',
  },
  ...{ description: 'Of the measurement', category: 'housekeeping', paymentMode: 'card', reversalOf: null },
  ...{ occurredAt: '2026-07-01T10:00:00.000Z', businessDay: '2026-07-01', status: 'pending' as const },
  externalReference: null,
});

/** The product. */
export async function productWorld(size: Size, servers: Servers, shutdown: Shutdown): Promise<World> {
  const reaper = new Reaper();
  shutdown.add(() => reaper.close());
  const database = await createTestDatabase();
  const [{ newSigningKey }, ports] = await Promise.all([script('start/secrets.mjs'), freePorts(size.servers + 1)]);
  const signingKeys = JSON.stringify([newSigningKey()]);
  const tokens = await AccessTokens.fromJson(signingKeys);
  const environment = (app: 'api' | 'projector', port: number) => ({
    ...{
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'production',
      OPERATOR_PORT: 'off',
      LOG_LEVEL: 'warn',
      SERVES: 'live',
    },
    ...{
      DATABASE_URL: database.urlFor(app),
      DATABASE_POOL_SIZE: app === 'api' ? '4' : '6',
      REDIS_URL: servers.redisUrl,
    },
    ...{ MASTER_KEYS: testMasterKeys, SIGNING_KEYS: signingKeys, TOKEN_SECRET: 'x'.repeat(43), HOST: '127.0.0.1' },
    ...{
      PORT: String(port),
      PROJECTOR_PORT: String(port),
      RATE_LIMIT_READ_USER: 'off',
      RATE_LIMIT_PLAN: 'off',
      MAX_EVENT_LOOP_DELAY_MS: '60000',
    },
    ...{ LIVE_STREAMS_USER: '1000000', LIVE_STREAMS_ORGANIZATION: '1000000' },
  });
  const apps = ports.map((port, index) => {
    const name = index === 0 ? ('projector' as const) : ('api' as const);
    return new AppProcess({ name, port, reaper, environment: environment(name, port) });
  });
  shutdown.add(() => Promise.all(apps.map((app) => app.kill())));
  await Promise.all(apps.map((app) => app.start()));
  const perServer = Math.ceil(size.streams / size.listenersEach);
  const made = await addOrganizations(
    database,
    Array.from({ length: perServer * size.servers + 2 }, (_, index) => index % 1_024),
  );
  const issued = await Promise.all(made.map(({ organizationId }) => tokens.issue(ownerOf(organizationId))));
  const redis = new Redis(servers.redisUrl);
  shutdown.add(async () => redis.disconnect());
  const pool = new Pool({ connectionString: database.urlFor('api'), max: 1 });
  const shards = new Shards([
    await Shard.open('shard-1', { url: database.urlFor('api'), poolSize: 4, applicationName: 'bench-writers' }),
  ]);
  shutdown.add(() => Promise.all([shards.close(), pool.end()]));
  const unitOfWork = new UnitOfWork(new Directory(pool), shards, new RedisCommitHints(redis));
  const versions = new Map<number, number>();
  const tell = (organization: number, messages: number) => {
    const { organizationId } = made[organization]!;
    const from = versions.get(organizationId) ?? 0;
    versions.set(organizationId, from + messages);
    const lines = Array.from({ length: messages }, (_, index) =>
      encodeEntry(toEntry(eventOf(organizationId, from + index + 1))),
    );
    void redis.spublish(keysOf(organizationId).channel, lines.join('\n'));
  };
  return {
    subject: {
      name: 'innkeep',
      wire: 'events',
      pids: apps.slice(1).map(({ pid }) => pid!),
      ports: ports.slice(1),
      tell,
    },
    tokensOf: (server) => issued.slice(server * perServer + 2, (server + 1) * perServer + 2),
    everybody: issued[0]!,
    crowd: issued[1]!,
    restart: async (server, how) => {
      const app = apps[server + 1]!;
      await app[how]();
      await app.start();
    },
    record: async (organization) => {
      const { organizationId } = made[organization + 2]!;
      const about = { propertyId: 1, entityId: crypto.randomUUID() };
      await unitOfWork.run({ principal: ownerOf(organizationId), requestId: 'bench' }, async (unit) =>
        unit.record(TransactionRecorded(transaction(), about)),
      );
    },
  };
}
