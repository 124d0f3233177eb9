import { LOGGER, allTouches, features, forgetAnswers, measureLag, outdateAnswers, purgePages } from '@innkeep/assembly';
import { SharedAnswers } from '@innkeep/platform/cache';
import { Shards } from '@innkeep/platform/database';
import { Projector, listenForCommits } from '@innkeep/platform/events';
import {
  QUEUE_PREFIX,
  connectRedis,
  connectRedisListener,
  debounced,
  queueConnection,
  queues,
} from '@innkeep/platform/jobs';
import { MasterKeys } from '@innkeep/platform/privacy';
import { announceEvents } from '@innkeep/platform/realtime';
import type { HealthProbe, Logger } from '@innkeep/platform/telemetry';
import { PURGE_DELAY_MS } from '@innkeep/platform/edge';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { Counter, Gauge } from 'prom-client';
import type { ProjectorEnvironment } from './environment';

export const ENVIRONMENT = Symbol('environment');

/** A projector whose loop has not completed a round for this long is not working, whatever else it says. */
const STALLED_MS = 10_000;

/** Runs a projector for each shard, wakes it by hints, and tells how it is doing. */
@Injectable()
export class ProjectorService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly projectors: Projector[];
  private readonly purgeQueue: Queue;
  private readonly listener: Redis;
  private readonly cacheRedis: Redis;
  private readonly folded = new Counter({ name: 'projection_events_total', help: 'Events folded into read models' });
  private readonly reacted = new Counter({
    name: 'reactor_events_total',
    help: 'Events reactors have seen',
    labelNames: ['reactor'] as const,
  });
  private readonly parked = new Counter({
    name: 'projection_parked_total',
    help: 'Organizations parked because an event could not be folded',
  });
  private readonly failures = new Counter({
    name: 'projector_failures_total',
    help: 'Rounds that failed',
    labelNames: ['during'] as const,
  });

  constructor(
    private readonly shards: Shards,
    redis: Redis,
    masterKeys: MasterKeys,
    @Inject(ENVIRONMENT) environment: ProjectorEnvironment,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.purgeQueue = new Queue(queues.purgeCdn, {
      connection: queueConnection(environment.REDIS_URL),
      prefix: QUEUE_PREFIX,
    });
    this.purgeQueue.on('error', () => undefined);
    this.listener = connectRedisListener(environment.REDIS_URL);
    this.cacheRedis = connectRedis(environment.REDIS_CACHE_URL ?? environment.REDIS_URL);
    const touches = allTouches(features);
    const reactors = [
      forgetAnswers(touches, redis),
      outdateAnswers(touches, new SharedAnswers(this.cacheRedis), redis),
      announceEvents(redis),
      purgePages(touches, { providers: environment.CDN_PROVIDER, asked: (provider) => this.announcePurge(provider) }),
      ...features.flatMap((feature) => [...(feature.reactors ?? [])]),
    ];
    const projections = features.flatMap((feature) => [...(feature.projections ?? [])]);
    this.projectors = shards.all.map(
      (shard) => new Projector(shard, projections, reactors, this.observer(), masterKeys),
    );
    measureLag(shards);
    // Read at scrape time, so that a projector that stopped cannot leave a healthy figure behind.
    const projectors = this.projectors;
    new Gauge({
      name: 'projector_owned_buckets',
      help: 'Buckets this instance looks after',
      collect() {
        this.set(projectors.reduce((sum, one) => sum + one.ownedBuckets, 0));
      },
    });
    new Gauge({
      name: 'projector_round_age_seconds',
      help: 'Time since the loop last completed a round',
      collect() {
        this.set(Math.max(...projectors.map((one) => (Date.now() - one.lastRoundAt) / 1_000)));
      },
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.projectors.map((projector) => projector.start()));
    await listenForCommits(this.listener, (buckets) => this.projectors.forEach((projector) => projector.hint(buckets)));
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.projectors.map((projector) => projector.stop()));
    this.listener.disconnect();
    this.cacheRedis.disconnect();
    await this.purgeQueue.close();
  }

  get probe(): HealthProbe {
    return {
      name: 'projector',
      probe: async () => {
        const stalled = this.projectors.find((projector) => Date.now() - projector.lastRoundAt > STALLED_MS);
        if (stalled) throw new Error('the loop has not completed a round for 10 seconds');
        return { ownedBuckets: this.projectors.reduce((sum, projector) => sum + projector.ownedBuckets, 0) };
      },
    };
  }

  /** One job for each provider, however many asks: it drains what is due of all organizations. */
  private announcePurge(provider: string): void {
    this.purgeQueue.add(provider, { provider }, debounced(provider, PURGE_DELAY_MS)).catch(() => undefined);
  }

  private observer() {
    return {
      folded: (events: number) => this.folded.inc(events),
      reacted: (reactor: string, events: number) => this.reacted.inc({ reactor }, events),
      parked: (organizations: number) => {
        this.parked.inc(organizations);
        this.logger.error({ organizations }, 'organizations were parked: see `npm run projections -- parked`');
      },
      outdated: (projections: readonly string[]) =>
        this.logger.warn({ projections }, 'read models of an earlier version stand still: rebuild them'),
      late: (reactors: readonly string[]) =>
        this.logger.warn({ reactors }, 'reactors begin behind the archive: they are not shown what was moved to files'),
      failed: (error: unknown, during: string) => {
        this.failures.inc({ during });
        this.logger.error({ err: error, during }, 'the projector failed and tries again');
      },
    };
  }
}
