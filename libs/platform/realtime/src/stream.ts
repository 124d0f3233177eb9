import type { Socket } from 'node:net';
import type { Choice, Listener, Subscription } from './subscription';
import { type Coding, LAST_CHUNK, onWire } from './batch';

/** Why a stream ended. */
export type EndReason =
  'client' | 'auth_expired' | 'auth_revoked' | 'slow_consumer' | 'draining' | 'caught_up' | 'resync' | 'unavailable';

/** What waits to be sent to a client before nothing more is written to it. In bytes. */
export const BUFFER_BYTES = 64 * 1024;

/** What a client says of itself, for the log. */
export interface Client {
  readonly origin: string | undefined;
  readonly agent: string | undefined;
}

/** What was asked for when a stream was opened. */
export interface StreamAsked {
  readonly listener: Listener;
  readonly choice: Choice;
  readonly coding: Coding;
  readonly follows: boolean;
  readonly client: Client;
}

/** One client's stream on its socket. What it is sent is made by the channel; it knows how far it is and whether it takes more. */
export class Stream {
  /** Up to here everything it hears has been written. */
  cursor = 0;
  /** The version of the last message that was written. */
  last = 0;
  /** What the client was last told to be its position. */
  known = 0;
  isPaused = false;
  /** Since when it takes nothing more; 0 as long as it does. */
  blockedSince = 0;
  /** Once it has been told how it was taken up. */
  isReady = false;
  reason: EndReason | undefined;
  deliveries = 0;
  beat = 0;
  expirySlot = 0;
  choice: Choice;
  readonly listener: Listener;
  readonly coding: Coding;
  /** Whether it goes on once everything that there is has been sent. */
  readonly follows: boolean;
  readonly client: Client;
  private isFirst = true;

  constructor(
    readonly id: string,
    asked: StreamAsked,
    public subscription: Subscription,
    private readonly socket: Socket,
    readonly openedAt: number,
  ) {
    ({ listener: this.listener, choice: this.choice, coding: this.coding } = asked);
    ({ follows: this.follows, client: this.client } = asked);
  }

  get isOpen(): boolean {
    return this.reason === undefined;
  }

  /** Whether it takes more. */
  get takes(): boolean {
    return this.isOpen && this.blockedSince === 0 && !this.isPaused;
  }

  get waitingBytes(): number {
    return this.socket.writableLength;
  }

  /** Writes bytes that are ready for the wire. */
  write(bytes: Buffer, now: number): void {
    this.isFirst = false;
    if (!this.socket.write(bytes) && this.socket.writableLength > BUFFER_BYTES) this.blockedSince = now;
  }

  /** Writes text of its own. */
  say(text: string, now: number): void {
    this.write(onWire(text, this.coding, this.isFirst), now);
  }

  /** Says why, and ends; what waits is still sent, as far as the client takes it. */
  close(reason: EndReason, retryMs: number): void {
    if (!this.isOpen) return;
    this.reason = reason;
    if (this.socket.destroyed) return;
    const text = `retry: ${retryMs}\nevent: closing\ndata: {"reason":"${reason}","retryMs":${retryMs}}\n\n`;
    this.socket.write(onWire(text, this.coding, this.isFirst));
    this.socket.end(LAST_CHUNK);
  }

  /** Drops the connection and what waits for it. */
  destroy(): void {
    this.socket.destroy();
  }
}
