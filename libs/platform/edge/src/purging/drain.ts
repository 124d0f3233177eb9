import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { backoffSeconds } from './backoff';
import {
  type DueAsk,
  coalesceOrganizations,
  coalesceProperties,
  confirm,
  countDue,
  overdue,
  postpone,
  purgeLag,
  takeDue,
} from './drain.sql';
import type { PurgeGate } from './gate';
import { type PurgeProvider, PurgeRefused } from './provider';
import { receiptsOf } from './receipts';

const MAX_BACKOFF_SECONDS = 30;
/** For longer than this a drain does not wait for a provider: the sweep comes again. In milliseconds. */
const PATIENCE_MS = 1_000;

/** How a drain went. */
export interface Drained {
  /** Tags that were purged and confirmed. */
  readonly purged: number;
  readonly requests: number;
  /** How long the provider cannot be asked, if that is why it ended. */
  readonly waitMs: number;
}

/**
 * Claims and confirmations need not be on the disk before the drain goes on: one that a crash undoes sends a purge again.
 */
async function relaxed<Row extends object>(pool: Pool, text: string, values: unknown[]): Promise<Row[]> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const [, { rows }] = await Promise.all([
      client.query('begin; set local synchronous_commit = off'),
      client.query<Row>(text, values),
      client.query('commit'),
    ]);
    return rows;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** How many tags the next request carries: as many as it may when the usual size would take more than a minute. */
export function batchSizeFor({ batchSize, largestBatch, quota }: PurgeProvider, due: number): number {
  const aMinute = quota
    ? quota.perSecond * 60 * (quota.counts === 'requests' ? batchSize : 1)
    : Number.POSITIVE_INFINITY;
  return due > aMinute ? largestBatch : batchSize;
}

const keysOf = (provider: PurgeProvider, asks: readonly DueAsk[]) => [
  provider.name,
  asks.map((ask) => ask.bucket),
  asks.map((ask) => ask.organization_id),
  asks.map((ask) => ask.tag),
  asks.map((ask) => ask.generation),
];

/** Sends one batch and writes down what came of it. Throws what the provider refused all of it with. */
async function send(pool: Pool, provider: PurgeProvider, gate: PurgeGate, asks: readonly DueAsk[]): Promise<number> {
  const wanted = [...new Set(asks.map(({ tag }) => tag))];
  const purged = await provider.purge(wanted).catch(async (error: unknown) => {
    const refusal = error instanceof PurgeRefused ? error : new PurgeRefused((error as Error).message, 'failed');
    await putOff(pool, provider, asks, refusal);
    await gate.leave(refusal);
    throw refusal;
  });
  const isPurged = new Set(purged);
  const done = asks.filter(({ tag }) => isPurged.has(tag));
  const left = asks.filter(({ tag }) => !isPurged.has(tag));
  await relaxed(pool, confirm, [...keysOf(provider, done), JSON.stringify(receiptsOf(done))]);
  if (left.length > 0) await putOff(pool, provider, left, new PurgeRefused('not among what was purged', 'failed'));
  await gate.leave();
  return done.length;
}

async function putOff(
  pool: Pool,
  provider: PurgeProvider,
  asks: readonly DueAsk[],
  { kind, message }: PurgeRefused,
): Promise<void> {
  const isThrottled = kind === 'throttled';
  // While a provider wants to be left alone nothing is sent at all, so what it refused for that is due as soon as it may be.
  const attempts = Math.max(...asks.map((ask) => ask.attempts));
  const seconds = isThrottled ? 0 : backoffSeconds(attempts, MAX_BACKOFF_SECONDS);
  await relaxed(pool, postpone, [...keysOf(provider, asks), seconds, message.slice(0, 500), isThrottled ? 1 : 0]);
}

/**
 * Sends the purges that are due to one provider, in batches over all organizations, until none is or the provider has to be left alone.
 * Safe to run twice at once and to be killed anywhere: a purge may then be sent again, never forgotten.
 */
export async function drainPurges(pool: Pool, provider: PurgeProvider, gate: PurgeGate): Promise<Drained> {
  let purged = 0;
  let requests = 0;
  let isCoalesced = false;
  for (;;) {
    const { rows } = await pool.query<{ due: number; isRefused: boolean }>(countDue, [provider.name]);
    const { due, isRefused } = rows[0]!;
    if (due === 0) return { purged, requests, waitMs: 0 };
    if (!isCoalesced && (isRefused || due > provider.batchSize)) {
      await pool.query(coalesceProperties, [provider.name]);
      await pool.query(coalesceOrganizations, [provider.name]);
      isCoalesced = true;
      continue;
    }
    const size = batchSizeFor(provider, due);
    const { waitMs } = await gate.enter(Math.min(size, due));
    if (waitMs > PATIENCE_MS) return { purged, requests, waitMs };
    if (waitMs > 0) {
      await sleep(waitMs);
      continue;
    }
    const asks = await relaxed<DueAsk>(pool, takeDue, [provider.name, size]);
    if (asks.length === 0) continue;
    requests++;
    purged += await send(pool, provider, gate, asks);
  }
}

/** How long the oldest purge that has not been carried out has waited beyond its delay. In seconds. */
export async function purgeLagSeconds(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ seconds: number }>(purgeLag);
  return rows[0]!.seconds;
}

/** Whether anything has been due for longer than it should: what the sweep looks at. */
export async function hasOverduePurges(pool: Pool, provider: PurgeProvider): Promise<boolean> {
  const { rowCount } = await pool.query(overdue, [provider.name]);
  return rowCount === 1;
}
