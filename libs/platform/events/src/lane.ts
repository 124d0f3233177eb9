import { setTimeout as sleep } from 'node:timers/promises';
import type { Shard } from '@innkeep/platform/database';
import type { PoolClient } from 'pg';
import { findWork, headsOf } from './batch';
import { FencedError } from './fenced-error';

/** As long as nothing is written, it is asked only so often which tracks have anything to do. */
const QUIET_MS = 5_000;
/** The longest from one look to the next. */
const IDLE_POLL_MS = 1_000;
const RETRY_MS = 1_000;

/** What there is to do: in which buckets, by track. */
export interface Found {
  readonly buckets: ReadonlyMap<string, readonly number[]>;
  /** All buckets were looked through, not only those that were hinted at. */
  readonly isFull: boolean;
}

/** What a lane follows, and what it does about it. */
export interface LaneWork {
  readonly shard: Shard;
  readonly tracks: readonly string[];
  /** From one round with events to the next, in milliseconds: commits that follow each other are taken together, at nearly the price of one. */
  readonly gatherMs: number;
  /** How often all buckets are looked at without a hint, in milliseconds; less often while there is nothing to do. */
  readonly pollMs: number;
  /** The buckets that are this lane's, of those that the instance owns. */
  takes(bucket: number): boolean;
  /** Does what there is to do. Answers in which buckets there is more. */
  run(client: PoolClient, found: Found): Promise<Iterable<number>>;
  failed(error: unknown): void;
}

/**
 * Follows some tracks through some buckets, on one connection, round by round. Buckets share no row, so lanes do not wait for each
 * other.
 */
export class Lane {
  private readonly stopping = new AbortController();
  private wake: () => void = () => undefined;
  private mine: ReadonlySet<number> = new Set();
  /** As an array of PostgreSQL: an idle look need not put it together. */
  private mineAsText = '{}';
  /** Buckets to look at next, and when to look at all of them again, on the monotonic clock: a hint may have been lost. */
  private readonly hinted = new Set<number>();
  private lookAt = 0;
  private pollMs: number;
  /** How far the log went when there was nothing left to do, and how long that is believed. */
  private quiet?: { readonly heads: string; readonly until: number };
  private running: Promise<void> = Promise.resolve();
  /** When the loop last completed a round without an error; health is judged by it. */
  lastRoundAt = 0;

  constructor(private readonly work: LaneWork) {
    this.pollMs = work.pollMs;
  }

  /** From now on the instance owns these buckets. */
  own(buckets: readonly number[]): void {
    this.mine = new Set(buckets.filter((bucket) => this.work.takes(bucket)));
    this.mineAsText = `{${[...this.mine].join(',')}}`;
    this.quiet = undefined;
    this.hint();
  }

  start(): void {
    this.running = this.follow();
  }

  /** Something has happened in these buckets, or nobody knows in which: look now. */
  hint(buckets?: readonly number[]): void {
    const concerned = buckets?.filter((bucket) => this.mine.has(bucket));
    if (concerned?.length === 0) return;
    if (concerned) for (const bucket of concerned) this.hinted.add(bucket);
    else this.lookAt = 0;
    this.wake();
  }

  /** Finishes what is running. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private async follow(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      let client: PoolClient | undefined;
      let failure: Error | undefined;
      try {
        client = await this.work.shard.pool.connect();
        while (!this.stopping.signal.aborted) await this.round(client);
      } catch (error) {
        failure = error as Error;
        this.lookAt = 0;
        this.quiet = undefined;
        this.work.failed(error);
        // Hints do not shorten this: a database that is away would be asked by every one of them.
        if (!(error instanceof FencedError))
          await sleep(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      } finally {
        // A connection that failed is not used again: its session's table and transaction are in an unknown state.
        client?.release(failure);
      }
    }
  }

  private async round(client: PoolClient): Promise<void> {
    const started = performance.now();
    const found = await this.findWork(client, started);
    if (found.buckets.size > 0) {
      const more = [...(await this.work.run(client, found))];
      for (const bucket of more) this.hinted.add(bucket);
      this.lastRoundAt = Date.now();
      if (more.length === 0) await this.gather(this.work.gatherMs - (performance.now() - started));
    }
    this.lastRoundAt = Date.now();
    if (!this.isHinted()) await this.pause(Math.max(1, this.lookAt - performance.now()));
  }

  /** What there is to do in the buckets hinted at, or in all of them when that was not asked for a while. */
  private async findWork(client: PoolClient, now: number): Promise<Found> {
    const isFull = now >= this.lookAt;
    const buckets = isFull ? [...this.mine] : [...this.hinted].filter((bucket) => this.mine.has(bucket));
    this.hinted.clear();
    if (isFull) {
      this.lookAt = now + this.pollMs;
      const found = await this.lookThrough(client, buckets, now);
      this.pollMs =
        found.size > 0 ? this.work.pollMs : Math.max(this.work.pollMs, Math.min(this.pollMs * 2, IDLE_POLL_MS));
      return { buckets: found, isFull };
    }
    if (buckets.length === 0) return { buckets: new Map(), isFull };
    this.pollMs = this.work.pollMs;
    this.lookAt = Math.min(this.lookAt, now + this.pollMs);
    // Where something has happened there is something to do, mostly: that is found out by doing it.
    return { buckets: new Map(this.work.tracks.map((track) => [track, buckets])), isFull };
  }

  /** Which tracks have anything to do in which of these buckets. */
  private async lookThrough(client: PoolClient, buckets: readonly number[], now: number) {
    if (buckets.length === 0) return new Map<string, number[]>();
    const { mine, quiet } = this;
    const heads = await this.headsOf(client);
    if (heads !== undefined && quiet?.heads === heads && now < quiet.until) return new Map<string, number[]>();
    const { text, values } = findWork(this.work.tracks, buckets).compile();
    const { rows } = await client.query<{ track: string; buckets: number[] }>(text, values);
    const isQuiet = heads !== undefined && rows.length === 0 && mine === this.mine;
    this.quiet = isQuiet ? { heads, until: now + QUIET_MS } : undefined;
    return new Map(rows.map((row) => [row.track, row.buckets]));
  }

  private async headsOf(client: PoolClient): Promise<string | undefined> {
    const { text, values } = headsOf(this.mineAsText).compile();
    const { rows } = await client.query<{ heads: string | null }>(text, values);
    return rows[0]!.heads ?? undefined;
  }

  private isHinted(): boolean {
    return this.hinted.size > 0 || performance.now() >= this.lookAt;
  }

  /** Waits a moment for more commits; a stop ends it. */
  private async gather(milliseconds: number): Promise<void> {
    if (milliseconds < 1) return;
    await sleep(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.isHinted() || this.stopping.signal.aborted) this.wake();
    });
  }
}
