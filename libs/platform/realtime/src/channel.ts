import { Batch } from './batch';
import type { Entry } from './entry';
import type { History } from './history';
import { type Position, formatPosition } from './position';
import type { Stream } from './stream';
import type { Subscription } from './subscription';
import { View, type Waiting, positionText } from './view';

/** How many entries are looked through at once for somebody who catches up. */
const PAGE = 100;

/** Where somebody is taken up. */
export interface TakenUp {
  /** Everything after `version` follows; false: read anew what you show. */
  readonly isRecovered: boolean;
  readonly version: number;
}

/** What a channel tells about what it does. */
export interface ChannelObserver {
  /** Messages were written to so many; live: as they happened. */
  delivered(batch: Batch, listeners: number, isLive: boolean): void;
  now(): number;
  /** A stream cannot be brought up to date from here. */
  lost(stream: Stream): void;
  /** A stream that does not follow has been sent everything. */
  caughtUp(stream: Stream): void;
}

/**
 * One organization in this process: who listens, up to where they have been told, and what is told next. Streams that are up to date
 * stand in a view with all who hear the same; one that is not catches up by itself and joins them then.
 */
export class Channel {
  readonly members = new Set<object>();
  private readonly views = new Map<string, View>();
  /** Those in views have been told everything up to here. */
  private told: number;
  /** Since when nobody listens. */
  idleSince = 0;
  /** How far the log was when it was last looked at. */
  seenHead = 0;

  constructor(
    readonly history: History,
    private readonly observer: ChannelObserver,
  ) {
    this.told = history.head;
  }

  get epoch(): number {
    return this.history.at.epoch;
  }

  get organizationId(): number {
    return this.history.at.organizationId;
  }

  /** Where somebody who was at this position is taken up. */
  async takeUp(position: Position | undefined): Promise<TakenUp> {
    if (!position || position.epoch !== this.epoch) return { isRecovered: false, version: this.told };
    // It was somewhere where more was known already.
    if (position.version > this.history.head) await this.history.reached(position.version);
    // Nobody is further than those here have been told.
    this.flush();
    if (position.version > this.told) return { isRecovered: false, version: this.told };
    if (position.version >= this.told || (await this.history.cover(position.version)))
      return { isRecovered: true, version: position.version };
    return { isRecovered: false, version: this.told };
  }

  /** Tells everybody what is new. */
  flush(): void {
    const from = this.told;
    this.told = this.history.head;
    if (from === this.told) return;
    const entries = this.history.after(from, this.told, Infinity);
    // Never trimmed before it is told.
    if (!entries) throw new Error(`events of organization ${this.organizationId} were forgotten before they were told`);
    const ofOne = entries.filter(({ userId }) => userId !== undefined);
    const apart = ofOne.length > 0 ? [...this.views.values()].map((view) => view.takeOut(ofOne)) : [];
    for (const [key, view] of this.views) {
      const batch = view.next(this.epoch, entries);
      if (batch) this.deliver(view, batch, from);
      if (view.isEmpty) this.views.delete(key);
    }
    for (const { streams, waiting } of apart) {
      for (const one of waiting) this.answerApart(one, entries, from);
      for (const stream of streams) {
        stream.cursor = from;
        // As one that catches up: it stands with the others again right after.
        this.advance(stream);
      }
    }
  }

  private answerApart(waiting: Waiting, entries: readonly Entry[], from: number): void {
    const heard = entries.filter((entry) => waiting.subscription.hears(entry));
    const batch = new Batch(this.epoch, from, heard);
    waiting.answer(batch.messages(), this.told);
    this.observer.delivered(batch, 1, true);
  }

  private deliver(view: View, batch: Batch, from: number): void {
    const now = this.observer.now();
    const listeners = view.streams.size + view.waiting.size;
    for (const stream of view.streams) {
      if (stream.takes) {
        this.send(stream, batch, now);
        continue;
      }
      // It goes on from where it stands when it takes more.
      view.streams.delete(stream);
      stream.cursor = from;
    }
    if (view.waiting.size > 0) {
      const messages = batch.messages();
      for (const waiting of view.waiting) waiting.answer(messages, this.told);
      view.waiting.clear();
    }
    this.observer.delivered(batch, listeners, true);
  }

  private send(stream: Stream, batch: Batch, now: number): void {
    stream.write(batch.bytes(stream.coding), now);
    stream.last = batch.last;
    stream.known = batch.last;
    stream.deliveries += batch.entries.length;
  }

  private viewOf(subscription: Subscription): View {
    let view = this.views.get(subscription.key);
    if (!view) this.views.set(subscription.key, (view = new View(subscription, this.told)));
    return view;
  }

  /** Brings a stream up to date, as far as it takes it, and lets it stand with the others from then on. */
  advance(stream: Stream): void {
    while (stream.takes && stream.isReady) {
      if (stream.cursor >= this.told) return this.join(stream);
      const page = this.history.after(stream.cursor, this.told, PAGE);
      if (!page) {
        void this.history.cover(stream.cursor).then((isCovered) => {
          if (!stream.isOpen) return;
          if (isCovered) this.advance(stream);
          else this.observer.lost(stream);
        });
        return;
      }
      const heard = page.filter((entry) => stream.subscription.hears(entry));
      stream.cursor = page.at(-1)!.version;
      if (heard.length === 0) continue;
      const batch = new Batch(this.epoch, stream.last, heard);
      this.send(stream, batch, this.observer.now());
      this.observer.delivered(batch, 1, false);
    }
  }

  private join(stream: Stream): void {
    if (!stream.follows) return this.observer.caughtUp(stream);
    // Its view may name messages from before it was there: it has to know that it is past them.
    if (stream.known < this.told) {
      stream.say(positionText(this.epoch, this.told, stream.last), this.observer.now());
      stream.known = this.told;
    }
    this.viewOf(stream.subscription).streams.add(stream);
  }

  /** Says to a stream that is up to date how far that is. */
  beat(stream: Stream, now: number): void {
    const view = this.views.get(stream.subscription.key);
    if (!view?.streams.has(stream)) return this.advance(stream);
    if (!stream.takes) return;
    stream.write(view.position(this.epoch, this.told, stream.coding), now);
    stream.known = this.told;
  }

  /** The text by which a stream learns how it was taken up, or what it is subscribed to now. */
  greeting(event: 'ready' | 'subscribed', stream: Stream, members: object): string {
    const position = formatPosition(this.epoch, stream.cursor);
    const { services = 'all', propertyIds = 'all' } = stream.choice;
    const data = { ...members, position, after: formatPosition(this.epoch, stream.last), services, propertyIds };
    return `event: ${event}\nid: ${position}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  /** Takes a stream out of its view: it gets nothing until it is advanced again. */
  setAside(stream: Stream): void {
    const view = this.views.get(stream.subscription.key);
    if (!view?.streams.delete(stream)) return;
    // Whoever stands in a view has been told everything.
    stream.cursor = this.told;
    if (view.isEmpty) this.views.delete(stream.subscription.key);
  }

  /** The next messages for somebody who does not stay: what there is after a version, or nothing yet. */
  async collect(subscription: Subscription, version: number, limit: number): Promise<Collected | undefined> {
    const collected: Entry[] = [];
    let at = version;
    while (at < this.told && collected.length < limit) {
      const page = this.history.after(at, this.told, PAGE);
      if (page) {
        collected.push(...page.filter((entry) => subscription.hears(entry)));
        at = page.at(-1)!.version;
      } else if (!(await this.history.cover(at))) return undefined;
    }
    const batch = collected.length > 0 ? new Batch(this.epoch, version, collected) : undefined;
    if (batch) this.observer.delivered(batch, 1, false);
    return { messages: batch?.messages() ?? [], version: at };
  }

  /** Lets somebody wait for the next messages who is up to date; false: he is not any more. */
  wait(waiting: Waiting, version: number): boolean {
    if (version < this.told) return false;
    this.viewOf(waiting.subscription).waiting.add(waiting);
    return true;
  }

  stopWaiting(waiting: Waiting): void {
    const view = this.views.get(waiting.subscription.key);
    if (view?.waiting.delete(waiting) && view.isEmpty) this.views.delete(waiting.subscription.key);
  }

  /** Answers all who wait: nothing comes here any more. */
  release(): void {
    for (const { waiting } of this.views.values()) {
      for (const one of waiting) one.answer([], this.told);
      waiting.clear();
    }
  }

  get version(): number {
    return this.told;
  }
}

/** What somebody who does not stay has missed, and up to where. */
export interface Collected {
  readonly messages: readonly string[];
  readonly version: number;
}
