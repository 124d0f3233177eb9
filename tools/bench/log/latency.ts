import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransactionApproved, type TransactionSnapshot } from '@innkeep/contracts';
import { Directory, Shards, UnitOfWork } from '@innkeep/platform/database';
import { RedisCommitHints } from '@innkeep/platform/events';
import { ownerOf } from '@innkeep/testing';
import { Redis } from 'ioredis';
import { Client, Pool } from 'pg';
import { percentile } from '../percentile';
import { type Finding, type LogBench, rounded } from './experiment';
import { FIRST_ORGANIZATION, addOrganizations } from './generate-log';
import { DAILY_SUMMARY, type LogDatabase, openLogDatabase } from './log-database';
import { eventsBehind, projectorProcess, redisOf } from './projector-process';

/** Two in each bucket. */
const ORGANIZATIONS = 2_048;
const WRITES_PER_SECOND = 500;
const WARM_UP_SECONDS = 3;
const POOL_SIZE = 8;
const P50_TARGET_MS = 15;
const P99_TARGET_MS = 100;

/** How often it is looked which writes are in the read model by now. */
const LOOK_MS = 500;

/**
 * From the commit of a write to the commit of the transaction that has it in its organization's daily summary: which version the summary
 * is at is written with its rows. Both times are the database's own notes (`track_commit_timestamp`), so that it may be looked seldom and
 * late: who asked all the time when it is there would take more of the machine than what is measured.
 */
class Watch {
  readonly milliseconds: number[] = [];
  /** The versions that are waited for, by organization. */
  private readonly awaited = new Map<number, number[]>();
  private isOver = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly client: Client) {}

  start(): void {
    this.running = this.look();
    this.running.catch(() => undefined);
  }

  add(organizationId: number, version: number): void {
    const versions = this.awaited.get(organizationId);
    if (versions) versions.push(version);
    else this.awaited.set(organizationId, [version]);
  }

  /** Ends when the last write has been seen. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async look(): Promise<void> {
    while (!this.isOver || this.awaited.size > 0) {
      await sleep(LOOK_MS);
      await this.ask();
    }
  }

  /** A write that another of its organization has overtaken meanwhile counts up to that: never less than it took. */
  private async ask(): Promise<void> {
    const asked = [...this.awaited].flatMap(([id, versions]) => versions.map((version) => ({ id, version })));
    const { rows } = await this.client.query<{ organization_id: string; version: string; milliseconds: number }>(
      `select l.organization_id, l.version,
         extract(epoch from pg_xact_commit_timestamp(h.xmin) - pg_xact_commit_timestamp(l.xmin))::float8 * 1000 as milliseconds
       from unnest($1::smallint[], $2::bigint[], $3::bigint[]) as asked(bucket, organization_id, version)
       join events.projection_heads h on h.bucket = asked.bucket and h.organization_id = asked.organization_id
         and (h.versions ->> '${DAILY_SUMMARY}')::bigint >= asked.version
       join events.log l on l.bucket = asked.bucket and l.organization_id = asked.organization_id and l.version = asked.version`,
      [asked.map(({ id }) => bucketOf(id)), asked.map(({ id }) => id), asked.map(({ version }) => version)],
    );
    for (const { organization_id, version, milliseconds } of rows) {
      const id = Number(organization_id);
      this.milliseconds.push(milliseconds);
      const left = this.awaited.get(id)!.filter((one) => one !== Number(version));
      if (left.length > 0) this.awaited.set(id, left);
      else this.awaited.delete(id);
    }
  }
}

const bucketOf = (organizationId: number) => (organizationId - FIRST_ORGANIZATION) % 1_024;

function approval(organizationId: number, index: number) {
  const propertyId = organizationId * 10;
  const snapshot: TransactionSnapshot = {
    transactionId: `00000000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
    ...{ kind: 'revenue', propertyId, amountCents: 12_50 + (index % 1_000), currency: 'EUR', status: 'approved' },
    ...{ description: 'A stay', category: null, paymentMode: 'card', externalReference: null, reversalOf: null },
    ...{ occurredAt: '2026-07-10T12:00:00.000Z', businessDay: '2026-07-10' },
  };
  return TransactionApproved(snapshot, { propertyId, entityId: snapshot.transactionId });
}

/** The write path of the API without HTTP: the same transactions, and the same hints over Redis. */
async function openWriters(bench: LogBench, log: LogDatabase): Promise<UnitOfWork> {
  const directory = new Pool({ connectionString: log.database.urlFor('api'), max: 2 });
  bench.atEnd(() => directory.end());
  const redis = new Redis(redisOf(bench));
  await once(redis, 'ready');
  bench.atEnd(() => redis.quit());
  const shards = new Shards([await log.openShard('api', { poolSize: POOL_SIZE })]);
  return new UnitOfWork(new Directory(directory), shards, new RedisCommitHints(redis));
}

/** Each write begins when it is due, not when the one before has been answered. Answers with the writes in a second. */
async function write(seconds: number, run: (index: number) => Promise<unknown>): Promise<number> {
  const running = new Set<Promise<unknown>>();
  const count = Math.round(seconds * WRITES_PER_SECOND);
  const started = performance.now();
  let failure: unknown;
  for (let index = 0; index < count && !failure; index++) {
    const wait = started + (index * 1_000) / WRITES_PER_SECOND - performance.now();
    if (wait > 1) await sleep(wait);
    // The pool lends what it has; a backlog beyond it would measure the pool's queue, and it is let go of by a lower rate.
    while (running.size >= POOL_SIZE) await Promise.race(running);
    const one = run(index)
      .catch((error: unknown) => (failure = error))
      .finally(() => running.delete(one));
    running.add(one);
  }
  await Promise.all(running);
  if (failure) throw failure;
  return (count * 1_000) / (performance.now() - started);
}

/** How long after its commit a write is in the read model, at a steady rate of writes in all buckets, with a projector process. */
export async function latency(bench: LogBench): Promise<Finding[]> {
  const log = await openLogDatabase(bench);
  await addOrganizations(log.admin, ORGANIZATIONS);
  const projector = await projectorProcess(bench, log);
  await projector.start();
  const unitOfWork = await openWriters(bench, log);
  const client = new Client({ connectionString: log.database.adminUrl });
  await client.connect();
  bench.atEnd(() => client.end());
  let index = 0;
  const writeOne = async (watch?: Watch) => {
    // A stride without a common factor with their number: neighbours in time are far apart, and every bucket has its turn.
    const n = ++index;
    const organizationId = FIRST_ORGANIZATION + ((n * 1_021) % ORGANIZATIONS);
    const context = { principal: ownerOf(organizationId), requestId: 'bench' };
    const { version } = await unitOfWork.run(context, async (unit) => unit.record(approval(organizationId, n)));
    watch?.add(organizationId, version);
  };
  bench.say('latency: warming up');
  await write(WARM_UP_SECONDS, () => writeOne());
  while ((await eventsBehind(log.admin)) > 0) await sleep(100);
  const seconds = bench.rounds * bench.seconds;
  bench.say(`latency: ${WRITES_PER_SECOND} writes a second for ${seconds} s`);
  const watch = new Watch(client);
  watch.start();
  const reached = await write(seconds, () => writeOne(watch));
  await watch.stop();
  projector.assertDidNotCrash();
  return findings(watch.milliseconds, reached);
}

function findings(milliseconds: readonly number[], reached: number): Finding[] {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const figure = (share: number) => `${percentile(sorted, share).toFixed(1)} ms`;
  const row = (name: string, share: number, target: number): Finding => ({
    what: 'latency',
    subject: `commit to read model, ${name}`,
    figure: figure(share),
    target: `under ${target} ms`,
    isMet: percentile(sorted, share) < target,
  });
  return [
    row('p50', 0.5, P50_TARGET_MS),
    row('p99', 0.99, P99_TARGET_MS),
    {
      what: 'latency',
      subject: `writes, ${WRITES_PER_SECOND} a second aimed at`,
      figure: `${rounded(reached)} writes/s, ${rounded(milliseconds.length)} in all`,
    },
  ];
}
