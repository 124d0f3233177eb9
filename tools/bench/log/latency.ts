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

/** A write that was answered, until its read model is seen. */
interface Awaited {
  readonly version: number;
  readonly answeredAt: number;
}

/**
 * From the answer of a commit to the moment when a reader on another connection sees its organization's daily summary at that version.
 * One statement after the other asks for all organizations that are waited for: which version the summary is at is written in the
 * transaction of its rows, so what is seen is visible. The asking itself is in the figure, so the figure is an upper bound.
 */
class Watch {
  readonly milliseconds: number[] = [];
  private readonly awaited = new Map<number, Awaited[]>();
  private isOver = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly client: Client) {}

  start(): void {
    this.running = this.look();
    this.running.catch(() => undefined);
  }

  add(organizationId: number, version: number): void {
    const entry = { version, answeredAt: performance.now() };
    this.awaited.set(organizationId, [...(this.awaited.get(organizationId) ?? []), entry]);
  }

  /** Ends when the last write has been seen. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async look(): Promise<void> {
    while (!this.isOver || this.awaited.size > 0) {
      if (this.awaited.size > 0) await this.ask();
      await sleep(1);
    }
  }

  private async ask(): Promise<void> {
    const ids = [...this.awaited.keys()];
    const { rows } = await this.client.query<{ organization_id: string; version: string }>({
      name: 'applied',
      text: `select h.organization_id, h.versions ->> '${DAILY_SUMMARY}' as version from unnest($1::smallint[], $2::bigint[]) as asked(bucket, organization_id)
        join events.projection_heads h on h.bucket = asked.bucket and h.organization_id = asked.organization_id`,
      values: [ids.map((id) => (id - FIRST_ORGANIZATION) % 1_024), ids],
    });
    const now = performance.now();
    for (const row of rows) {
      const id = Number(row.organization_id);
      const seen = (one: Awaited) => one.version <= Number(row.version);
      const waiting = this.awaited.get(id)!;
      this.milliseconds.push(...waiting.filter(seen).map(({ answeredAt }) => now - answeredAt));
      const left = waiting.filter((one) => !seen(one));
      if (left.length > 0) this.awaited.set(id, left);
      else this.awaited.delete(id);
    }
  }
}

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
