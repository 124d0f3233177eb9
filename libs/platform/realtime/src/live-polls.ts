import type { Principal } from '@innkeep/contracts';
import type { Channel } from './channel';
import type { Hub } from './hub';
import type { LiveMetrics } from './live-metrics';
import { type Position, formatPosition } from './position';
import { tooManyWaiters } from './realtime.problems';
import { type Choice, type Listener, type Subscription, subscribe } from './subscription';
import type { Waiting } from './view';
import { Wheel } from './wheel';

/** As many messages as one answer holds at most. */
const MOST_MESSAGES = 200;
const TICK_MS = 1_000;

/** What somebody who asks again and again is answered. */
export interface PollAnswer {
  /** JSON texts. */
  readonly messages: readonly string[];
  readonly cursor: string;
  readonly isRecovered: boolean;
}

export interface LivePollsParts {
  readonly hub: Hub;
  readonly metrics: LiveMetrics;
  readonly refusalOf: (principal: Principal) => Error | undefined;
  readonly revision: () => number;
  /** How many may wait at once. */
  readonly limit: number;
  /** How often it looks what is due. */
  readonly tickMs?: number;
  now(): number;
}

/** Who asks, for what, from where on, and how long he waits. */
export interface Poll {
  readonly listener: Listener;
  readonly choice: Choice;
  readonly position: Position | undefined;
  readonly waitMs: number;
  /** Aborted when he is not there any more. */
  readonly gone: AbortSignal;
}

interface Next {
  readonly messages: readonly string[];
  readonly version: number;
}

/** One who waits; settled once, with messages, with nothing, or with why he may wait no longer. */
interface Waiter extends Waiting {
  readonly listener: Listener;
  refuse(error: Error): void;
}

/** Answers those who ask for the next messages and wait until there are some, or until their time is over. */
export class LivePolls {
  private readonly waiters = new Map<Waiter, Channel>();
  private readonly ends: Wheel<Waiter>;
  private ticking: NodeJS.Timeout | undefined;
  private revision = 0;
  private isClosing = false;

  constructor(private readonly parts: LivePollsParts) {
    this.ends = new Wheel(parts.now());
  }

  start(): void {
    this.ticking = setInterval(() => this.tick(), this.parts.tickMs ?? TICK_MS);
    this.ticking.unref();
  }

  stop(): void {
    clearInterval(this.ticking);
  }

  get size(): number {
    return this.waiters.size;
  }

  /**
   * The next messages after a position. Without one, or where the messages after it are not to be had any more, there are none, and the
   * cursor to go on from.
   * @throws DomainError too-many-waiters
   */
  async poll(poll: Poll): Promise<PollAnswer> {
    const { hub } = this.parts;
    const member = {};
    const channel = await hub.enter(poll.listener.principal, member);
    try {
      const { isRecovered, version } = await channel.takeUp(poll.position);
      const next = isRecovered ? await this.next(poll, channel, version) : undefined;
      const cursor = formatPosition(channel.epoch, next?.version ?? channel.version);
      return { messages: next?.messages ?? [], cursor, isRecovered: next !== undefined };
    } finally {
      hub.leave(channel, member);
    }
  }

  private async next(poll: Poll, channel: Channel, version: number): Promise<Next | undefined> {
    const subscription = subscribe(poll.listener, poll.choice);
    const found = await channel.collect(subscription, version, MOST_MESSAGES);
    if (!found || found.messages.length > 0 || poll.waitMs <= 0 || this.isClosing) return found;
    if (this.waiters.size >= this.parts.limit) {
      this.parts.metrics.totals.refused++;
      throw tooManyWaiters();
    }
    return this.wait(poll, subscription, channel, found.version);
  }

  private wait(
    { listener, waitMs, gone }: Poll,
    subscription: Subscription,
    channel: Channel,
    from: number,
  ): Promise<Next> {
    return new Promise((resolve, reject) => {
      const forget = () => {
        this.waiters.delete(waiter);
        this.ends.remove(waiter, slot);
      };
      const waiter: Waiter = {
        ...{ listener, subscription },
        answer: (messages, version) => {
          forget();
          resolve({ messages, version });
        },
        refuse: (error) => {
          forget();
          reject(error);
        },
      };
      const slot = this.ends.add(waiter, this.parts.now() + waitMs);
      this.waiters.set(waiter, channel);
      // Something has come in between: he gets it when he asks again.
      if (gone.aborted || !channel.wait(waiter, from)) waiter.answer([], from);
      else gone.addEventListener('abort', () => this.end(waiter), { once: true });
    });
  }

  /** Answers somebody for whom nothing has come. */
  private end(waiter: Waiter): void {
    const channel = this.waiters.get(waiter);
    if (!channel) return;
    channel.stopWaiting(waiter);
    waiter.answer([], channel.version);
  }

  private tick(): void {
    for (const waiter of this.ends.turn(this.parts.now())) this.end(waiter);
    const revision = this.parts.revision();
    if (revision === this.revision) return;
    this.revision = revision;
    for (const [waiter, channel] of this.waiters) {
      const refusal = this.parts.refusalOf(waiter.listener.principal);
      if (!refusal) continue;
      channel.stopWaiting(waiter);
      waiter.refuse(refusal);
    }
  }

  /** Answers all who wait, and lets nobody wait from now on. */
  drain(): void {
    this.isClosing = true;
    for (const waiter of [...this.waiters.keys()]) this.end(waiter);
  }
}
