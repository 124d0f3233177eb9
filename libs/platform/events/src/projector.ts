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
}

const POLL_MS = 250;
const RENEW_MS = 1_000;
const RETRY_MS = 1_000;

/**
 * Follows the event log of one shard for the buckets this instance owns: projections first, then the reactors that trail them.
 * It is woken by a hint after each commit and looks by itself every quarter of a second, so a lost hint costs only that.
 */
export class Projector {
  private readonly ownership: Ownership;
  private readonly stopping = new AbortController();
  private wake: () => void = () => undefined;
  private hinted = false;
  private running: Promise<void> = Promise.resolve();
  private building: Promise<void> = Promise.resolve();
  private renewing: NodeJS.Timeout | undefined;
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
    const { fresh, outdated } = await registerTracks(this.shard.pool, this.projections, this.reactors);
    if (outdated.length > 0) this.observer.outdated(outdated);
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

  /** Something was committed: look now. */
  hint(): void {
    this.hinted = true;
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
    this.hinted = false;
    const { owned } = this.ownership;
    const { text, values } = findWork([LIVE_TRACK, ...this.reactors.map(reactorTrack)], owned).compile();
    const { rows } = await client.query<{ track: string }>(text, values);
    const tracks = new Set(rows.map(({ track }) => track));
    let more = false;
    if (tracks.has(LIVE_TRACK)) more = await this.fold(client, owned);
    for (const reactor of this.reactors) {
      if (more || tracks.has(LIVE_TRACK) || tracks.has(reactorTrack(reactor)))
        more = (await this.react(client, reactor, owned)) || more;
    }
    this.lastRoundAt = Date.now();
    if (!more && !this.hinted) await this.pause(POLL_MS);
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
      if (this.hinted || this.stopping.signal.aborted) this.wake();
    });
  }
}
