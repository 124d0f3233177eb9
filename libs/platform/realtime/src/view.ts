import { Batch, type Coding, onWire } from './batch';
import type { Entry } from './entry';
import { formatPosition } from './position';
import type { Stream } from './stream';
import type { Subscription } from './subscription';

/** A client that waits for the next messages, and gets them all at once. */
export interface Waiting {
  readonly subscription: Subscription;
  /** Called once. */
  answer(messages: readonly string[], version: number): void;
}

/** What tells that everything up to a position has been sent. */
export const positionText = (epoch: number, version: number, last: number): string => {
  const id = formatPosition(epoch, version);
  return `event: position\nid: ${id}\ndata: {"position":"${id}","after":"${formatPosition(epoch, last)}"}\n\n`;
};

/**
 * All who hear the same of an organization and are up to date: what they get is made once, and written once to each. Who is to hear of
 * something besides that concerns one user alone is taken out for it.
 */
export class View {
  readonly streams = new Set<Stream>();
  readonly waiting = new Set<Waiting>();
  private positions: { version: number; last: number; bytes: Partial<Record<Coding, Buffer>> } | undefined;

  /** @param last the version of the last message; nobody in it knows less */
  constructor(
    readonly subscription: Subscription,
    private last: number,
  ) {}

  get isEmpty(): boolean {
    return this.streams.size === 0 && this.waiting.size === 0;
  }

  /** Takes out those of whom one of these entries is about, and who hear more than the others for that. */
  takeOut(entries: readonly Entry[]): { readonly streams: readonly Stream[]; readonly waiting: readonly Waiting[] } {
    const hearsMore = ({ subscription }: { subscription: Subscription }) =>
      entries.some((entry) => subscription.owns(entry));
    const streams = [...this.streams].filter(hearsMore);
    const waiting = [...this.waiting].filter(hearsMore);
    for (const stream of streams) this.streams.delete(stream);
    for (const one of waiting) this.waiting.delete(one);
    return { streams, waiting };
  }

  /** The next messages, if any of these entries is heard. */
  next(epoch: number, entries: readonly Entry[]): Batch | undefined {
    const heard = entries.filter((entry) => this.subscription.shares(entry));
    if (heard.length === 0) return undefined;
    const batch = new Batch(epoch, this.last, heard);
    this.last = batch.last;
    return batch;
  }

  /** What tells the position, for all of them. */
  position(epoch: number, version: number, coding: Coding): Buffer {
    const { last } = this;
    if (this.positions?.version !== version || this.positions.last !== last)
      this.positions = { version, last, bytes: {} };
    return (this.positions.bytes[coding] ??= onWire(positionText(epoch, version, last), coding));
  }
}
