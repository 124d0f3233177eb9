import { type Shard, untilAnswering } from '@innkeep/platform/database';
import type { MasterKeys } from '@innkeep/platform/privacy';
import type { PoolClient } from 'pg';
import { BatchSizes } from './batch-sizes';
import { type Found, Lane } from './lane';
import { Ownership } from './ownership';
import type { Projection } from './projection';
import { ProjectionOperations } from './projection-operations';
import { BATCH_SIZE, LIVE_TRACK, foldNextBatch } from './projection-runner';
import { Reacting } from './reacting';
import type { Reactor } from './reactor';
import { reactorTrack } from './reactor-runner';
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

const RENEW_MS = 1_000;
/** Connections on which buckets are folded side by side, unless it is said otherwise. */
const LANES = 2;
/** Connections of the pool that are left to reactors, to renewals, and to the building of new read models; prompt reactors take one more. */
const OTHER_CONNECTIONS = 3;
/** From one fold to the next. */
const FOLD_MS = 10;
/** The same for reactors that somebody waits for. */
const PROMPT_MS = 30;
/** The same for reactors, whose effects (purges, forgotten answers) are coalesced anyway. */
const REACT_MS = 200;
/** How often the log is looked at without a hint. */
const POLL_MS = 250;
/** The same for reactors: they hear from the folds of their own process, and miss only what happens outside of it. */
const REACTOR_POLL_MS = 1_000;
/** For so long full batches follow each other before anything else is looked at. */
const CATCH_UP_MS = 200;

/**
 * Follows the event log of one shard for the buckets this instance owns: read models in some lanes, and in another the reactors that
 * trail them, so that nobody who waits for a read model waits for what is done about it outside. It is woken by a hint after each
 * commit and looks by itself, every quarter of a second while there is anything to do and every second when there is
 * not, so a lost hint costs only that.
 */
export class Projector {
  private readonly ownership: Ownership;
  private readonly folding: readonly Lane[];
  private readonly reacting: readonly Lane[];
  private building: Promise<void> = Promise.resolve();
  private renewing: NodeJS.Timeout | undefined;

  /** @param lanes connections on which buckets are folded side by side; fewer, where the pool has fewer to give */
  constructor(
    private readonly shard: Shard,
    private readonly projections: readonly Projection[],
    private readonly reactors: readonly Reactor[],
    private readonly observer: ProjectorObserver,
    private readonly masterKeys?: MasterKeys,
    lanes = LANES,
  ) {
    this.ownership = new Ownership(shard.pool);
    const prompt = reactors.filter(({ isPrompt }) => isPrompt);
    const others = reactors.filter(({ isPrompt }) => !isPrompt);
    const reserved = OTHER_CONNECTIONS + (prompt.length > 0 ? 1 : 0);
    const count = Math.max(1, Math.min(lanes, shard.pool.options.max - reserved));
    const failed = (error: unknown) => observer.failed(error, 'follow');
    this.folding = Array.from(
      { length: count },
      (_, index) =>
        new Lane({
          ...{ shard, failed, tracks: [LIVE_TRACK], gatherMs: FOLD_MS, pollMs: POLL_MS },
          takes: (bucket) => bucket % count === index,
          run: this.folder(),
        }),
    );
    const following = (some: readonly Reactor[], gatherMs: number) => {
      const reacting = new Reacting(some, observer);
      return new Lane({
        ...{ shard, failed, tracks: some.map(reactorTrack), gatherMs, pollMs: REACTOR_POLL_MS },
        takes: () => true,
        run: (client, found) => reacting.run(client, found),
      });
    };
    this.reacting = [
      ...(prompt.length > 0 ? [following(prompt, PROMPT_MS)] : []),
      ...(others.length > 0 ? [following(others, REACT_MS)] : []),
    ];
  }

  private get lanes(): readonly Lane[] {
    return [...this.folding, ...this.reacting];
  }

  get ownedBuckets(): number {
    return this.ownership.owned.length;
  }

  /** When the lane that is slowest completed a round without an error; health is judged by it. */
  get lastRoundAt(): number {
    return Math.min(...this.lanes.map((lane) => lane.lastRoundAt));
  }

  /** Registers the tracks, takes the free buckets and starts to follow the log. */
  async start(): Promise<void> {
    const { fresh, outdated, late } = await untilAnswering(() =>
      registerTracks(this.shard.pool, this.projections, this.reactors),
    );
    if (outdated.length > 0) this.observer.outdated(outdated);
    if (late.length > 0) this.observer.late?.(late);
    await untilAnswering(() => this.renew());
    this.renewing = setInterval(
      () => void this.renew().catch((error: unknown) => this.observer.failed(error, 'renew')),
      RENEW_MS,
    );
    for (const lane of this.lanes) lane.start();
    if (fresh.length > 0) this.building = this.build();
  }

  private async renew(): Promise<void> {
    if (await this.ownership.renew()) for (const lane of this.lanes) lane.own(this.ownership.owned);
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
    for (const lane of this.folding) lane.hint(buckets);
  }

  /** What a lane does about new events: folds batch after batch, and lets those who trail the read models know. */
  private folder() {
    const sizes = new BatchSizes();
    return (client: PoolClient, { buckets }: Found) => this.fold(client, buckets.get(LIVE_TRACK)!, sizes);
  }

  private async fold(client: PoolClient, buckets: readonly number[], sizes: BatchSizes): Promise<readonly number[]> {
    const { projections, masterKeys } = this;
    const began = performance.now();
    let isFull = true;
    while (isFull && performance.now() - began < CATCH_UP_MS) {
      const started = performance.now();
      const batch = await sizes.tableFor(client);
      const folding = { track: LIVE_TRACK, projections, owned: buckets, masterKeys, batch };
      const { events, parked } = await foldNextBatch(client, folding);
      await sizes.took(events, client);
      if (events > 0) this.observer.folded(events, (performance.now() - started) / 1_000);
      if (parked > 0) this.observer.parked(parked);
      isFull = events === BATCH_SIZE;
    }
    for (const lane of this.reacting) lane.hint(buckets);
    return isFull ? buckets : [];
  }

  /** Finishes the running batches, releases the buckets. */
  async stop(): Promise<void> {
    clearInterval(this.renewing);
    await Promise.all([...this.lanes.map((lane) => lane.stop()), this.building]);
    await this.ownership.release().catch((error: unknown) => this.observer.failed(error, 'release'));
  }
}
