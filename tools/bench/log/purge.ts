import { setTimeout as sleep } from 'node:timers/promises';
import { allTouches, features } from '@innkeep/assembly';
import { type RecordedEvent, tags } from '@innkeep/contracts';
import {
  EdgeState,
  PurgeGate,
  type PurgeProvider,
  askPurges,
  asksOf,
  drainPurges,
  providersFrom,
  purgeEnvironment,
} from '@innkeep/platform/edge';
import { createLogger } from '@innkeep/platform/telemetry';
import { type CdnSimulator, cloudFrontDialect, cloudflareDialect, fastlyDialect, simulateCdn } from '@innkeep/testing';
import { Pool } from 'pg';
import { type Experiment, type Finding, type LogBench, rounded } from './experiment';
import { type LogDatabase, openLogDatabase } from './log-database';

const KEYS_A_MINUTE = 1_000;
/** Ten minutes at full scale. */
const MINUTES = { small: 1, full: 10 };
const P95_TARGET_MS = 5_000;
const ROWS = 100_000;
const ROWS_A_SECOND = 2_500;
const IMPORT_REQUESTS = 200;

interface Scene {
  readonly worker: Pool;
  readonly projector: Pool;
  readonly simulators: ReadonlyMap<string, CdnSimulator>;
  readonly providers: readonly PurgeProvider[];
  readonly database: LogDatabase;
}

async function setScene(bench: LogBench): Promise<Scene> {
  const database = await openLogDatabase(bench);
  const pool = (role: 'worker' | 'projector', max: number) => {
    const made = new Pool({ connectionString: database.database.urlFor(role), max });
    bench.atEnd(() => made.end());
    return made;
  };
  const dialects = [cloudflareDialect({ plan: 'business' }), fastlyDialect(), cloudFrontDialect()];
  const simulators = new Map<string, CdnSimulator>();
  for (const dialect of dialects) {
    const simulator = await simulateCdn(dialect);
    simulators.set(dialect.name, simulator);
    bench.atEnd(() => simulator.stop());
  }
  const environment = purgeEnvironment.parse({
    CDN_PROVIDER: [...simulators.keys()].join(','),
    CLOUDFLARE_API_URL: `${simulators.get('cloudflare')!.url}/client/v4`,
    CLOUDFLARE_ZONE_ID: 'zone',
    CLOUDFLARE_API_TOKEN: 'token',
    CLOUDFLARE_PLAN: 'business',
    FASTLY_API_URL: simulators.get('fastly')!.url,
    FASTLY_SERVICE_ID: 'service',
    FASTLY_API_TOKEN: 'token',
    CLOUDFRONT_API_URL: simulators.get('cloudfront')!.url,
    CLOUDFRONT_DISTRIBUTION_ID: 'distribution',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
  });
  const providers = providersFrom(environment, createLogger('bench', 'silent'));
  return { database, worker: pool('worker', 6), projector: pool('projector', 2), simulators, providers };
}

/** Drains as the worker does: by itself every second, one provider beside the other, until nothing is left. */
async function drainMeanwhile({ worker, providers }: Scene, work: () => Promise<void>): Promise<void> {
  let isOver = false;
  const edge = new EdgeState(worker);
  const drains = providers.map(async (provider) => {
    const gate = new PurgeGate(edge.providers, provider);
    for (; ; await sleep(1_000)) {
      await drainPurges(worker, provider, gate).catch(() => undefined);
      const { rowCount } = await worker.query('select from edge.purge_asks where provider = $1 limit 1', [
        provider.name,
      ]);
      if (isOver && rowCount === 0) return;
    }
  });
  await work();
  isOver = true;
  await Promise.all(drains);
}

async function ask({ projector, providers }: Scene, asks: ReturnType<typeof asksOf>): Promise<void> {
  const { text, values } = askPurges(
    providers.map(({ name }) => name),
    asks,
  ).compile();
  await projector.query(text, values);
}

/** So many keys a minute, each of another organization, so that nothing can be put together. */
async function throughput(bench: LogBench, scene: Scene): Promise<Finding[]> {
  const minutes = MINUTES[bench.scale];
  bench.say(`purge: ${KEYS_A_MINUTE} keys a minute, for ${minutes} min`);
  await drainMeanwhile(scene, async () => {
    const perSecond = KEYS_A_MINUTE / 60;
    let asked = 0;
    for (const started = performance.now(); ; await sleep(200)) {
      const due = Math.min(KEYS_A_MINUTE * minutes, Math.ceil(((performance.now() - started) / 1_000) * perSecond));
      const asks = Array.from({ length: due - asked }, (_, index) => {
        const organizationId = 1_000_000 + asked + index;
        return { bucket: organizationId % 1_024, organizationId, tag: tags.organizationFinance(organizationId) };
      });
      if (asks.length > 0) await ask(scene, asks);
      asked = due;
      if (asked === KEYS_A_MINUTE * minutes) return;
    }
  });
  return Promise.all([...scene.simulators].map(([name, simulator]) => findingOf(scene, name, simulator, minutes)));
}

async function findingOf(
  { database }: Scene,
  name: string,
  simulator: CdnSimulator,
  minutes: number,
): Promise<Finding> {
  const { rows } = await database.admin.query<{ keys: number; p95: number }>(
    `select sum(cardinality(tags))::int as keys, percentile_cont(0.95) within group (order by extract(epoch from purged_at - asked_at) * 1000) as p95
     from edge.purge_receipts where provider = $1 and not is_repetition`,
    [name],
  );
  const { keys, p95 } = rows[0]!;
  const refused = simulator.seen.filter(({ status }) => status >= 300).length;
  return {
    what: 'purge',
    subject: `${name}, ${rounded(keys / minutes)} keys a minute and each repeated`,
    figure: `${simulator.seen.length} requests, ${refused} refused, p95 ${rounded(p95)} ms`,
    target: `none refused, p95 under ${rounded(P95_TARGET_MS)} ms`,
    isMet: refused === 0 && keys === KEYS_A_MINUTE * minutes && p95 < P95_TARGET_MS,
  };
}

/** An event of an import as it stands in the log. */
const imported = (index: number): RecordedEvent => ({
  bucket: 7,
  organizationId: 900_000,
  position: index,
  version: index,
  recordedAt: new Date(),
  type: 'TransactionApproved',
  schemaVersion: 1,
  propertyId: 900_001 + (index % 5),
  data: {
    transactionId: `0198c5e2-7d3a-7c1e-9a55-${index.toString(16).padStart(12, '0')}`,
    kind: 'expense',
    propertyId: 900_001 + (index % 5),
    businessDay: new Date(Date.UTC(2026, 0, 1 + (index % 365))).toISOString().slice(0, 10),
  },
});

async function bulkImport(bench: LogBench, scene: Scene): Promise<Finding[]> {
  bench.say(`purge: an import of ${rounded(ROWS)} rows`);
  const { tagsOf } = allTouches(features);
  const before = new Map([...scene.simulators].map(([name, { seen }]) => [name, seen.length]));
  await drainMeanwhile(scene, async () => {
    const started = performance.now();
    for (let row = 0; row < ROWS; row += 500) {
      await ask(
        scene,
        asksOf(
          Array.from({ length: 500 }, (_, index) => imported(row + index)),
          tagsOf,
        ),
      );
      await sleep(Math.max(0, started + ((row + 500) / ROWS_A_SECOND) * 1_000 - performance.now()));
    }
  });
  return [...scene.simulators].map(([name, { seen }]) => {
    const requests = seen.length - before.get(name)!;
    return {
      what: 'purge',
      subject: `${name}, import of ${rounded(ROWS)} rows`,
      figure: `${requests} requests`,
      target: `under ${IMPORT_REQUESTS}`,
      isMet: requests < IMPORT_REQUESTS,
    };
  });
}

/** Whether the accounts of the hosted CDNs let through what the product has to purge. */
export const purge: Experiment = async (bench) => {
  const scene = await setScene(bench);
  return [...(await throughput(bench, scene)), ...(await bulkImport(bench, scene))];
};
