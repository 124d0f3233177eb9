import type { PoolClient } from 'pg';
import type { Found } from './lane';
import type { Reactor } from './reactor';
import { REACTOR_BATCH_SIZE, reactToNextBatch, reactToReplays, reactTogether, reactorTrack } from './reactor-runner';

/** For so long after a failure each reactor reads for itself: the next one would fail the others too. */
const APART_MS = 5_000;

/** Told of what reactors did, and of what one could not do. */
export interface ReactingObserver {
  reacted(reactor: string, events: number): void;
  failed(error: unknown, during: string): void;
}

/**
 * Lets the reactors of a lane see what is new. Each has a checkpoint of its own, so that one that fails holds up no other; those that
 * trail the same projections mostly stand at the same place, and there they share one look at the log.
 */
export class Reacting {
  private readonly companies: readonly (readonly Reactor[])[];
  private apartUntil = 0;

  constructor(
    reactors: readonly Reactor[],
    private readonly observer: ReactingObserver,
  ) {
    const byTrails = new Map<string, Reactor[]>();
    for (const reactor of reactors) {
      const trails = [...reactor.trails].sort().join();
      byTrails.set(trails, [...(byTrails.get(trails) ?? []), reactor]);
    }
    this.companies = [...byTrails.values()];
  }

  /** What a lane does about what it found; answers in which buckets there is more. */
  async run(client: PoolClient, found: Found): Promise<Iterable<number>> {
    const more = new Set<number>();
    for (const company of this.companies) {
      const { buckets, isFull } = await this.together(client, company, found);
      const covered = new Set(buckets);
      // What a full batch had no room for is read together too, in the next round.
      for (const reactor of isFull ? [] : company) await this.alone(client, reactor, found, { covered, more });
      if (isFull) for (const bucket of bucketsOf(company, found)) more.add(bucket);
    }
    return more;
  }

  private async together(client: PoolClient, company: readonly Reactor[], found: Found) {
    const nothing = { buckets: [] as readonly number[], isFull: false };
    const concerned = bucketsOf(company, found);
    if (company.length === 1 || concerned.length === 0 || performance.now() < this.apartUntil) return nothing;
    try {
      const { events, buckets } = await reactTogether(client, company, concerned);
      if (events > 0) for (const { name } of company) this.observer.reacted(name, events);
      return { buckets, isFull: events >= REACTOR_BATCH_SIZE };
    } catch {
      // Which of them it was shows when each is on its own.
      this.apartUntil = performance.now() + APART_MS;
      return nothing;
    }
  }

  /** A reactor that fails is tried again later and holds up no other. */
  private async alone(
    client: PoolClient,
    reactor: Reactor,
    found: Found,
    { covered, more }: { readonly covered: ReadonlySet<number>; readonly more: Set<number> },
  ): Promise<void> {
    const waiting = found.buckets.get(reactorTrack(reactor));
    if (!waiting) return;
    const buckets = waiting.filter((bucket) => !covered.has(bucket));
    try {
      const next = buckets.length > 0 ? await reactToNextBatch(client, reactor, buckets) : 0;
      // What is to be seen again is nobody's hint.
      const count = next + (found.isFull ? await reactToReplays(client, reactor, waiting) : 0);
      if (count > 0) this.observer.reacted(reactor.name, count);
      if (count >= REACTOR_BATCH_SIZE) for (const bucket of waiting) more.add(bucket);
    } catch (error) {
      this.observer.failed(error, `reactor ${reactor.name}`);
    }
  }
}

/** The buckets in which any of them has something to see. */
const bucketsOf = (reactors: readonly Reactor[], { buckets }: Found): number[] => [
  ...new Set(reactors.flatMap((reactor) => buckets.get(reactorTrack(reactor)) ?? [])),
];
