import { setTimeout as sleep } from 'node:timers/promises';
import type { Shard } from '@innkeep/platform/database';
import type { MasterKeys } from '@innkeep/platform/privacy';
import type { PoolClient } from 'pg';
import { createBatchTable, findWork } from './batch';
import { Ownership } from './ownership';
import type { Projection } from './projection';
import { ProjectionOperations } from './projection-operations';
import { BATCH_SIZE, FencedError, LIVE_TRACK, foldNextBatch } from './projection-runner';
import type { Reactor } from './reactor';
import { reactToNextBatch, reactToReplays, reactorTrack } from './reactor-runner';
import { registerTracks } from './registration';

/** What the projector tells about itself, for logs and metrics. */
export interface ProjectorObserver {
  folded(events: number, seconds: number): void;
  reacted(reactor: string, events: number): void;
  failed(error: unknown, during: string): void;
  /** Organizations were parked because an event of theirs could not be folded. */
  parked(organizations: number): void;
  /** Projections that stand still until somebody rebuilds them. */
  outdated(projections: readonly string[]): void;
  /** Reactors that are never shown what is in the archive, because they are newer than that. */
  late?(reactors: readonly string[]): void;
}

const POLL_MS = 250;
const RENEW_MS = 1_000;
/** From one round with events to the next: commits that follow each other are folded together, at nearly the price of one. */
const GATHER_MS = 10;
/** The same for reactors, whose effects (purges, forgotten answers) are coalesced anyway. */
const REACT_MS = 50;
const RETRY_MS = 1_000;

/**
 * Follows the event log of one shard for the buckets this instance owns: projections first, then the reactors that trail them.
 * It is woken by a hint after each commit and looks by itself every quarter of a second, so a lost hint costs only that.
 */
export class Projector {
  private readonly ownership: Ownership;
  private readonly stopping = new AbortController();
  private wake: () => void = () => undefined;
  /** Buckets to look at next, and when to look at all of them again, on the monotonic clock: a hint may have been lost. */
  private readonly hinted = new Set<number>();
  private lookAt = 0;
  private running: Promise<void> = Promise.resolve();
  private building: Promise<void> = Promise.resolve();
  private renewing: NodeJS.Timeout | undefined;
  /** When each reactor may be asked again, on the monotonic clock. */
  private readonly reactAt = new Map<Reactor, number>();
  /** When the loop last completed a round without an error; health is judged by it. */
  lastRoundAt = 0;

  constructor(
    private readonly shard: Shard,
    private readonly projections: readonly Projection[],
    private readonly reactors: readonly Reactor[],
    private readonly observer: ProjectorObserver,
    private readonly masterKeys?: MasterKeys,
  ) {
    this.ownership = new Ownership(shard.pool);
  }

  get ownedBuckets(): number {
    return this.ownership.owned.length;
  }

  /** Registers the tracks, takes the free buckets and starts to follow the log. */
  async start(): Promise<void> {
    const { fresh, outdated, late } = await registerTracks(this.shard.pool, this.projections, this.reactors);
    if (outdated.length > 0) this.observer.outdated(outdated);
    if (late.length > 0) this.observer.late?.(late);
    await this.ownership.renew();
    this.renewing = setInterval(
      () => void this.ownership.renew().catch((error: unknown) => this.observer.failed(error, 'renew')),
      RENEW_MS,
    );
    this.running = this.follow();
    if (fresh.length > 0) this.building = this.build();
  }

  /** Builds projections that are new on a log with a history, beside the work that goes on. */
  private async build(): Promise<void> {
    try {
      await new ProjectionOperations(this.shard.pool, this.projections, this.masterKeys).buildNew();
    } catch (error) {
      this.observer.failed(error, 'build');
    }
  }

  /** Something was committed in these buckets, or nobody knows in which: look now. */
  hint(buckets?: readonly number[]): void {
    if (buckets) buckets.forEach((bucket) => this.hinted.add(bucket));
    else this.lookAt = 0;
    this.wake();
  }

  /** Finishes the running batch, releases the buckets. */
  async stop(): Promise<void> {
    clearInterval(this.renewing);
    this.stopping.abort();
    this.wake();
    await Promise.all([this.running, this.building]);
    await this.ownership.release().catch((error: unknown) => this.observer.failed(error, 'release'));
  }

  private async follow(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      let client: PoolClient | undefined;
      let failure: Error | undefined;
      try {
        client = await this.shard.pool.connect();
        await client.query(createBatchTable);
        while (!this.stopping.signal.aborted) await this.round(client);
      } catch (error) {
        failure = error as Error;
        this.lookAt = 0;
        this.observer.failed(error, 'follow');
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
    const work = await this.findWork(client, started);
    const live = work.get(LIVE_TRACK);
    const more = live ? await this.fold(client, live) : false;
    if (more) this.lookAgain(live!);
    await this.reactWhenDue(client, work, started);
    this.lastRoundAt = Date.now();
    if (work.size > 0 && !more) await this.gather(GATHER_MS - (performance.now() - started));
    if (!this.isHinted()) await this.pause(Math.max(1, this.lookAt - performance.now()));
  }

  /** What there is to do, by track: in the buckets hinted at, or in all of them when that was not asked for a while. */
  private async findWork(client: PoolClient, now: number): Promise<ReadonlyMap<string, number[]>> {
    const { owned } = this.ownership;
    const isFull = now >= this.lookAt;
    const mine = new Set(owned);
    const buckets = isFull ? owned : [...this.hinted].filter((bucket) => mine.has(bucket));
    if (isFull) this.lookAt = now + POLL_MS;
    this.hinted.clear();
    const { text, values } = findWork([LIVE_TRACK, ...this.reactors.map(reactorTrack)], buckets).compile();
    const { rows } = await client.query<{ track: string; buckets: number[] }>(text, values);
    return new Map(rows.map((row) => [row.track, row.buckets]));
  }

  private lookAgain(buckets: readonly number[]): void {
    buckets.forEach((bucket) => this.hinted.add(bucket));
  }

  private isHinted(): boolean {
    return this.hinted.size > 0 || performance.now() >= this.lookAt;
  }

  private async reactWhenDue(client: PoolClient, work: ReadonlyMap<string, number[]>, now: number): Promise<void> {
    for (const reactor of this.reactors) {
      const buckets = work.get(reactorTrack(reactor));
      if (!buckets) continue;
      if (now < (this.reactAt.get(reactor) ?? 0)) {
        this.lookAgain(buckets);
        continue;
      }
      this.reactAt.set(reactor, now + REACT_MS);
      if (await this.react(client, reactor, buckets)) this.lookAgain(buckets);
    }
  }

  /** Waits a moment for more commits; a stop ends it. */
  private async gather(milliseconds: number): Promise<void> {
    if (milliseconds < 1) return;
    await sleep(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async fold(client: PoolClient, owned: readonly number[]): Promise<boolean> {
    const started = performance.now();
    const { projections, masterKeys } = this;
    const { events, parked } = await foldNextBatch(client, { track: LIVE_TRACK, projections, owned, masterKeys });
    if (events > 0) this.observer.folded(events, (performance.now() - started) / 1_000);
    if (parked > 0) this.observer.parked(parked);
    return events === BATCH_SIZE;
  }

  /** A reactor that fails is tried again later and holds up neither projections nor other reactors. */
  private async react(client: PoolClient, reactor: Reactor, owned: readonly number[]): Promise<boolean> {
    try {
      const count = (await reactToNextBatch(client, reactor, owned)) + (await reactToReplays(client, reactor, owned));
      if (count > 0) this.observer.reacted(reactor.name, count);
      return count >= BATCH_SIZE;
    } catch (error) {
      this.observer.failed(error, `reactor ${reactor.name}`);
      return false;
    }
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
