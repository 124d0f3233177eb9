import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
import { type Delivered, Listeners, lookAt, together } from './listeners';

/** `npm run bench -- realtime`: streams of the product beside those of bare node:http, held by the same clients in one run. */

interface Size {
  readonly servers: number;
  /** At each server. */
  readonly streams: number;
  readonly listenersEach: number;
  readonly seconds: number;
}

const sizes: Readonly<Record<'small' | 'full', Size>> = {
  small: { servers: 1, streams: 2_000, listenersEach: 10, seconds: 10 },
  full: { servers: 3, streams: 16_670, listenersEach: 10, seconds: 20 },
};
/** What one process is filled up with: deliveries in a second, to so many listeners. */
const CROWD = 1_000;
const MESSAGES_A_SECOND = 100;
const RATE = 200;

const say = (line: string) => process.stderr.write(`  ${line}\n`);

/** Something that holds streams, in processes of its own. */
interface Subject {
  readonly name: string;
  readonly pids: readonly number[];
  readonly ports: readonly number[];
  /** Tells everybody of an organization something, now. */
  tell(organization: number, count: number): void;
}

interface World {
  readonly subject: Subject;
  readonly tokensOf: (server: number) => readonly string[];
  readonly crowd: string;
  readonly everybody: string;
  record(organization: number): Promise<void>;
}

const PATH = '/v2/realtime/stream';

const eventOf = (organizationId: number, version: number): RecordedEvent => ({
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

async function thinSubject(count: number, shutdown: Shutdown): Promise<Subject> {
  const children: ChildProcess[] = Array.from({ length: count }, () =>
    fork(join(__dirname, 'thin-stream-server.js'), { env: { NODE_ENV: 'production' } }),
  );
  shutdown.add(async () => children.forEach((child) => child.connected && child.disconnect()));
  const ports = await Promise.all(children.map(async (child) => ((await once(child, 'message')) as [number])[0]));
  return {
    name: 'bare node:http',
    pids: children.map(({ pid }) => pid!),
    ports,
    tell: (_organization, messages) => {
      for (let index = 0; index < messages; index++) {
        const { body } = toEntry(eventOf(1, 1));
        children.forEach((child) => child.send(`id: 1.1\ndata: {"id":"1.1","after":"1.0",${body}\n\n`));
      }
    },
  };
}

async function productWorld(size: Size, servers: Servers, shutdown: Shutdown): Promise<World> {
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
    subject: { name: 'innkeep', pids: apps.slice(1).map(({ pid }) => pid!), ports: ports.slice(1), tell },
    tokensOf: (server) => issued.slice(server * perServer + 2, (server + 1) * perServer + 2),
    everybody: issued[0]!,
    crowd: issued[1]!,
    record: async (organization) => {
      const { organizationId } = made[organization + 2]!;
      const about = { propertyId: 1, entityId: crypto.randomUUID() };
      await unitOfWork.run({ principal: ownerOf(organizationId), requestId: 'bench' }, async (unit) =>
        unit.record(TransactionRecorded(transaction(), about)),
      );
    },
  };
}

/** What was delivered, and what that cost the servers. */
interface Measured extends Delivered {
  /** Of a processor, for each delivery, in microseconds: what a busy machine does not change much. */
  readonly cpu: number;
}

async function measured(
  listeners: readonly Listeners[],
  { pids }: Subject,
  during: () => Promise<void>,
): Promise<Measured> {
  await Promise.all(listeners.map((one) => one.begin()));
  const usedBy = () => pids.reduce((sum, pid) => sum + lookAt(pid).cpu, 0);
  const before = usedBy();
  await during();
  await sleep(2_000);
  const used = usedBy() - before;
  const delivered = together(await Promise.all(listeners.map((one) => one.end())));
  return { ...delivered, cpu: (used / Math.max(1, delivered.count)) * 1e6 };
}

/** Does something so often a second, for so long. */
async function atRate(rate: number, seconds: number, act: (index: number) => unknown): Promise<void> {
  const began = performance.now();
  for (let index = 0; index < rate * seconds; index++) {
    void act(index);
    const due = ((index + 1) * 1_000) / rate - (performance.now() - began);
    if (due > 1) await sleep(due);
  }
}

const row = (what: string, who: string, { count, ended, p50, p95, p99, cpu }: Measured) =>
  `| ${what} | ${who} | ${count.toLocaleString('en')} | ${p50} | ${p95} | ${p99} | ${cpu.toFixed(1)} | ${ended} |`;

/** Fills the servers with streams of the tokens; answers what holding one costs. */
async function fill(
  subject: Subject,
  tokensOf: (server: number) => readonly string[],
  each: number,
): Promise<{ listeners: Listeners[]; line: string }> {
  const before = subject.pids.map((pid) => lookAt(pid).memory);
  const listeners = subject.ports.map(() => new Listeners());
  const began = performance.now();
  await Promise.all(listeners.map((one, index) => one.open(subject.ports[index]!, PATH, tokensOf(index), each)));
  const opened = (performance.now() - began) / 1_000;
  await sleep(15_000);
  const streams = subject.pids.reduce((sum, _, index) => sum + tokensOf(index).length * each, 0);
  const idle = subject.pids.map((pid) => lookAt(pid));
  await sleep(10_000);
  const grown = idle.reduce((sum, { memory }, index) => sum + memory - before[index]!, 0);
  const busy = subject.pids.reduce((sum, pid, index) => sum + lookAt(pid).cpu - idle[index]!.cpu, 0);
  const line = `${subject.name}: ${streams.toLocaleString('en')} streams opened in ${opened.toFixed(0)} s, ${(grown / streams / 1_000).toFixed(1)} kB each, idle at ${(busy * 10).toFixed(1)} % of a core`;
  return { listeners, line };
}

/** Measures streams, at the small scale with 2,000 of them, at the full one with 50,000. */
export async function benchRealtime(scale: 'small' | 'full', servers: Servers, shutdown: Shutdown): Promise<void> {
  const size = sizes[scale];
  const world = await productWorld(size, servers, shutdown);
  const tell = (line: string) => console.log(line);
  tell('| what | server | deliveries | p50 ms | p95 ms | p99 ms | CPU us each | ended |');
  tell('| --- | --- | --- | --- | --- | --- | --- | --- |');
  const close = async (listeners: readonly Listeners[]) => {
    listeners.forEach((one) => one.close());
    await sleep(5_000);
  };
  const thin = await thinSubject(size.servers, shutdown);
  for (const subject of [thin, world.subject]) {
    say(`${subject.name}: one message a second to everybody`);
    const all = await fill(subject, () => [world.everybody], size.streams);
    say(all.line);
    const told = await measured(all.listeners, subject, () => atRate(1, size.seconds, () => subject.tell(0, 1)));
    tell(row('1 message a second to all', subject.name, told));
    await close(all.listeners);
    say(`${subject.name}: ${CROWD * MESSAGES_A_SECOND} deliveries a second in one process`);
    const crowd = new Listeners();
    await crowd.open(subject.ports[0]!, PATH, [world.crowd], CROWD);
    const full = await measured([crowd], subject, () =>
      atRate(MESSAGES_A_SECOND, size.seconds, () => subject.tell(1, 1)),
    );
    tell(row(`${CROWD * MESSAGES_A_SECOND} deliveries a second`, subject.name, full));
    await close([crowd]);
  }
  say(`${RATE} commits a second, each to ${size.listenersEach} listeners`);
  const groups = await fill(world.subject, world.tokensOf, size.listenersEach);
  say(`${groups.line} (in organizations of ${size.listenersEach})`);
  const organizations = size.servers * Math.ceil(size.streams / size.listenersEach);
  let failed = 0;
  const committed = await measured(groups.listeners, world.subject, () =>
    atRate(RATE, size.seconds, (index) => world.record((index * 7) % organizations).catch(() => failed++)),
  );
  tell(row(`${RATE} commits a second`, 'innkeep, from the commit', committed));
  if (failed > 0) say(`${failed} commits failed: the database did not keep up`);
  await close(groups.listeners);
}
