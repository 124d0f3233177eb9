import { hostname } from 'node:os';
import type { Directory, Shards } from '@innkeep/platform/database';
import type { Revocations } from '@innkeep/platform/http';
import type { Redis } from 'ioredis';
import { type Registry, register } from 'prom-client';
import { Hub } from './hub';
import { StreamLeases } from './leases';
import { LiveMetrics } from './live-metrics';
import { LivePolls } from './live-polls';
import { LiveStreams } from './live-streams';
import { LogSource } from './log-source';
import { RedisFanout } from './redis-fanout';
import type { RealtimeLimits } from './realtime.environment';
import type { Control } from './sources';
import type { Stream } from './stream';

/** What the live part of a process is made of. */
export interface LiveParts {
  readonly directory: Directory;
  readonly shards: Shards;
  readonly redis: Redis;
  /** A connection for nothing else. */
  readonly listening: Redis;
  readonly revocations: Revocations;
  readonly limits: RealtimeLimits;
  /** Told once for each stream, when it has ended. */
  readonly ended: (stream: Stream, milliseconds: number) => void;
  readonly failed: (error: unknown, during: string) => void;
  readonly registry?: Registry;
}

/** A drain ends all streams in so many waves, so far apart. In milliseconds. */
const WAVES = 20;
const WAVE_MS = 150;

/** The live part of a process: the hub, and the two ways in which clients listen to it. */
export class Live {
  readonly hub: Hub;
  readonly streams: LiveStreams;
  readonly polls: LivePolls;
  readonly leases: StreamLeases;
  readonly fanout: RedisFanout;
  readonly metrics: LiveMetrics;

  constructor({ limits, revocations, ...parts }: LiveParts) {
    this.fanout = new RedisFanout(parts.redis, parts.listening);
    this.metrics = new LiveMetrics(parts.registry ?? register, () => this.held);
    const log = new LogSource(parts.directory, parts.shards);
    // Steps of the machine's clock must not end or hold anything.
    const began = Date.now() - performance.now();
    const now = () => began + performance.now();
    this.hub = new Hub({ log, fanout: this.fanout, metrics: this.metrics, failed: parts.failed, now });
    this.leases = new StreamLeases(parts.redis, {
      perUser: limits.LIVE_STREAMS_USER,
      perOrganization: limits.LIVE_STREAMS_ORGANIZATION,
    });
    const judged = {
      ...{ hub: this.hub, metrics: this.metrics, now },
      refusalOf: revocations.refusalOf.bind(revocations),
      revision: () => revocations.revision,
    };
    this.streams = new LiveStreams({ ...judged, leases: this.leases, ended: parts.ended });
    this.polls = new LivePolls({ ...judged, limit: limits.LIVE_WAITERS });
  }

  start(): void {
    this.fanout.follow(this.hub);
    this.hub.start(this.streams);
    this.streams.start();
    this.polls.start();
  }

  /** Changes a stream that is open here or at another process. */
  async control(organizationId: number, control: Control): Promise<void> {
    if (this.streams.has(control.streamId)) this.streams.control(organizationId, control);
    else await this.fanout.control(organizationId, control);
  }

  /** Sends everybody to another process, not all at once. */
  async drain(): Promise<void> {
    this.polls.drain();
    await this.streams.drain(WAVES, WAVE_MS);
  }

  stop(): void {
    this.polls.stop();
    this.streams.stop();
    this.hub.stop();
  }

  private get held(): Readonly<Record<string, number>> {
    const { channels, events } = this.hub.held;
    return {
      streams: this.streams.size,
      waiters: this.polls.size,
      channels,
      bufferedEvents: events,
      waitingBytes: this.streams.waitingBytes,
    };
  }

  /** How it is doing, for whoever runs it. */
  get status(): object {
    const { totals, percentiles } = this.metrics;
    return {
      instance: `${hostname()}:${process.pid}`,
      ...this.held,
      tier: this.hub.tier,
      ...totals,
      deliveryMs: percentiles,
    };
  }
}
