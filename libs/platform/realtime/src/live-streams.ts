import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Principal } from '@innkeep/contracts';
import type { Socket } from 'node:net';
import type { Coding } from './batch';
import type { Channel } from './channel';
import type { Hub, StreamKeeper } from './hub';
import type { Leases } from './leases';
import type { LiveMetrics } from './live-metrics';
import type { Position } from './position';
import { tooManyStreams } from './realtime.problems';
import type { Control } from './sources';
import { type Client, type EndReason, Stream } from './stream';
import { type Choice, type Listener, subscribe } from './subscription';
import { Wheel } from './wheel';

/** A stream hears at least this often from us. In seconds. */
export const HEARTBEAT_SECONDS = 20;
/** A client that takes nothing for this long, while more than the buffer holds waits for it, is let go. In milliseconds. */
const SLOW_MS = 10_000;
/** A stream whose end the client does not take is dropped. In milliseconds. */
const LINGER_MS = 5_000;
const TICK_MS = 1_000;
const RENEW_MS = 20_000;
/** How long a drain waits for clients to close their side. In milliseconds. */
const LAST_WAIT_MS = 1_500;
/** A wave of a drain ends at least so many streams. */
const MIN_WAVE = 50;

/** Who opens a stream, and when what lets them in ends, in seconds since 1970. */
export interface Opening {
  readonly listener: Listener;
  readonly expiresAt: number;
  readonly choice: Choice;
  readonly position: Position | undefined;
  readonly coding: Coding;
  readonly follows: boolean;
  readonly client: Client;
}

export interface LiveStreamsParts {
  readonly hub: Hub;
  readonly leases: Leases;
  readonly metrics: LiveMetrics;
  /** Why what let somebody in has ended before its time, if it has. */
  readonly refusalOf: (principal: Principal) => Error | undefined;
  /** Grows whenever something was revoked. */
  readonly revision: () => number;
  /** Told once for each stream. */
  readonly ended: (stream: Stream, milliseconds: number) => void;
  /** How often it looks what is due. */
  readonly tickMs?: number;
  now(): number;
}

/** How long a client is to wait before it comes back, so that not all come at once. In milliseconds. */
const backIn = (): number => 500 + Math.floor(Math.random() * 2_500);

/** All streams of this process: opens them, ends them, and looks after all of them by one timer. */
export class LiveStreams implements StreamKeeper {
  private readonly streams = new Map<string, { stream: Stream; channel: Channel }>();
  private readonly beats: Set<Stream>[] = Array.from({ length: HEARTBEAT_SECONDS }, () => new Set());
  private readonly expiries: Wheel<Stream>;
  private readonly lingering: Wheel<Stream>;
  private ticking: NodeJS.Timeout | undefined;
  private beat = 0;
  private revision = 0;
  private renewedAt = 0;
  isDraining = false;

  constructor(private readonly parts: LiveStreamsParts) {
    this.expiries = new Wheel(parts.now());
    this.lingering = new Wheel(parts.now());
  }

  start(): void {
    this.ticking = setInterval(() => this.tick(), this.parts.tickMs ?? TICK_MS);
    this.ticking.unref();
  }

  stop(): void {
    clearInterval(this.ticking);
  }

  get size(): number {
    return this.streams.size;
  }

  has(id: string): boolean {
    return this.streams.has(id);
  }

  /** What waits to be taken by clients. In bytes. */
  get waitingBytes(): number {
    let bytes = 0;
    for (const { stream } of this.streams.values()) bytes += stream.waitingBytes;
    return bytes;
  }

  /**
   * Admits a stream. What it answers opens it on its socket, once that has been sent the head of the answer.
   * @throws DomainError too-many-streams
   */
  async admit(opening: Opening): Promise<(socket: Socket) => void> {
    const { organizationId, userId } = opening.listener.principal;
    const leased = { id: randomUUID(), organizationId, userId };
    const full = await this.parts.leases.take(leased);
    if (full) {
      this.parts.metrics.totals.refused++;
      throw tooManyStreams(full, this.parts.leases.limitOf(full));
    }
    let channel: Channel;
    try {
      channel = await this.parts.hub.enter(opening.listener.principal, leased);
    } catch (error) {
      this.parts.leases.release(leased);
      throw error;
    }
    return (socket) => {
      this.parts.hub.leave(channel, leased);
      this.open(leased.id, opening, channel, socket);
    };
  }

  private open(id: string, opening: Opening, channel: Channel, socket: Socket): void {
    const { expiresAt } = opening;
    const now = this.parts.now();
    const stream = new Stream(id, opening, subscribe(opening.listener, opening.choice), socket, now);
    channel.members.add(stream);
    this.streams.set(id, { stream, channel });
    this.beat = (this.beat + 1) % HEARTBEAT_SECONDS;
    stream.beat = this.beat;
    this.beats[stream.beat]!.add(stream);
    stream.expirySlot = this.expiries.add(stream, expiresAt * 1_000);
    socket.once('close', () => this.closed(stream, channel));
    socket.on('drain', () => this.drained(stream, channel));
    if (socket.destroyed) return this.closed(stream, channel);
    void this.greet(stream, channel, opening.position);
  }

  private async greet(stream: Stream, channel: Channel, position: Position | undefined): Promise<void> {
    const { isRecovered, version } = await channel
      .takeUp(position)
      .catch(() => ({ isRecovered: false, version: channel.version }));
    if (!stream.isOpen) return;
    if (position) this.parts.metrics.totals[isRecovered ? 'recovered' : 'notRecovered']++;
    stream.cursor = stream.last = stream.known = version;
    stream.isReady = true;
    const members = { recovered: isRecovered, streamId: stream.id, heartbeatSeconds: HEARTBEAT_SECONDS };
    stream.say(`retry: 2000\n${channel.greeting('ready', stream, members)}`, this.parts.now());
    channel.advance(stream);
  }

  private drained(stream: Stream, channel: Channel): void {
    if (stream.blockedSince === 0) return;
    stream.blockedSince = 0;
    channel.advance(stream);
  }

  private closed(stream: Stream, channel: Channel): void {
    if (!this.streams.delete(stream.id)) return;
    stream.reason ??= 'client';
    channel.setAside(stream);
    this.parts.hub.leave(channel, stream);
    this.beats[stream.beat]!.delete(stream);
    this.expiries.remove(stream, stream.expirySlot);
    const { organizationId, userId } = stream.listener.principal;
    this.parts.leases.release({ id: stream.id, organizationId, userId });
    this.parts.metrics.streamEnded(stream.reason);
    this.parts.ended(stream, this.parts.now() - stream.openedAt);
  }

  end(stream: Stream, reason: EndReason, retryMs = backIn()): void {
    const found = this.streams.get(stream.id);
    if (!found || !stream.isOpen) return;
    found.channel.setAside(stream);
    stream.close(reason, retryMs);
    this.lingering.add(stream, this.parts.now() + LINGER_MS);
  }

  abandon(channel: Channel): void {
    for (const one of this.streams.values()) if (one.channel === channel) this.end(one.stream, 'resync');
  }

  /** Changes what a stream is subscribed to; says so in the stream. */
  control(_organizationId: number, { streamId, userId, services, propertyIds, isPaused }: Control): void {
    const found = this.streams.get(streamId);
    if (!found || found.stream.listener.principal.userId !== userId || !found.stream.isReady) return;
    const { stream, channel } = found;
    channel.setAside(stream);
    const { choice } = stream;
    // Null chooses everything; what is not said stays as it is.
    stream.choice = {
      services: services === undefined ? choice.services : (services ?? undefined),
      propertyIds: propertyIds === undefined ? choice.propertyIds : (propertyIds ?? undefined),
    };
    stream.subscription = subscribe(stream.listener, stream.choice);
    stream.isPaused = isPaused ?? stream.isPaused;
    stream.say(channel.greeting('subscribed', stream, { paused: stream.isPaused }), this.parts.now());
    channel.advance(stream);
  }

  private tick(): void {
    const now = this.parts.now();
    for (const stream of this.expiries.turn(now)) this.end(stream, 'auth_expired', 0);
    for (const stream of this.lingering.turn(now)) if (this.streams.has(stream.id)) stream.destroy();
    this.checkRevocations();
    this.beat = (this.beat + 1) % HEARTBEAT_SECONDS;
    for (const stream of this.beats[this.beat]!) this.streams.get(stream.id)?.channel.beat(stream, now);
    this.letGoOfSlow(now);
    if (now - this.renewedAt < RENEW_MS) return;
    this.renewedAt = now;
    void this.parts.leases.renew();
  }

  private checkRevocations(): void {
    const revision = this.parts.revision();
    if (revision === this.revision) return;
    this.revision = revision;
    for (const { stream } of this.streams.values())
      if (this.parts.refusalOf(stream.listener.principal)) this.end(stream, 'auth_revoked', 0);
  }

  private letGoOfSlow(now: number): void {
    for (const { stream } of this.streams.values())
      if (stream.blockedSince > 0 && now - stream.blockedSince >= SLOW_MS) this.end(stream, 'slow_consumer');
  }

  /** Ends all streams in waves, each client told to come back at a moment of its own. */
  async drain(waves: number, everyMs: number): Promise<void> {
    this.isDraining = true;
    const streams = [...this.streams.values()];
    const size = Math.max(MIN_WAVE, Math.ceil(streams.length / waves));
    for (let at = 0; at < streams.length; at += size) {
      for (const { stream } of streams.slice(at, at + size)) this.end(stream, 'draining');
      if (at + size < streams.length) await sleep(everyMs);
    }
    // A client that does not close its side would hold up the end of the process.
    for (let waited = 0; waited < LAST_WAIT_MS && this.streams.size > 0; waited += everyMs) await sleep(everyMs);
    for (const { stream } of this.streams.values()) stream.destroy();
  }
}
