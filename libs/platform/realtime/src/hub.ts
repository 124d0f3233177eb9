import type { Principal } from '@innkeep/contracts';
import type { Batch } from './batch';
import { Channel } from './channel';
import { Comparison } from './comparison';
import type { Entry } from './entry';
import { History } from './history';
import type { LiveMetrics } from './live-metrics';
import { Pace } from './pace';
import type { Control, Fanout, Head, LiveLog } from './sources';
import type { EndReason, Stream } from './stream';
import { Turns } from './turns';

/** How often it is compared with the log how far each organization is. With one more look what was lost is found within five seconds. */
export const COMPARE_MS = 1_500;
/** An organization that nobody listens to any more is kept in mind for this long. */
const IDLE_MS = 2 * 60_000;
/** How many look into the log at once, so that those who come back leave connections to others. */
const LOOKS = 3;
/** For so long organizations are written to before others have a turn. In milliseconds. */
const SLICE_MS = 25;

export interface HubParts {
  readonly log: LiveLog;
  readonly fanout: Fanout;
  readonly metrics: LiveMetrics;
  readonly failed: (error: unknown, during: string) => void;
  /** How often it is compared with the log how far each organization is. */
  readonly compareMs?: number;
  now(): number;
}

/** What the hub asks of whoever holds the streams. */
export interface StreamKeeper {
  end(stream: Stream, reason: EndReason): void;
  /** Ends all who listen to a channel that is none any more. */
  abandon(channel: Channel): void;
  control(organizationId: number, control: Control): void;
}

/**
 * All organizations that somebody listens to in this process. Feeds their histories with what is told, compares them with the log, and
 * decides when what is new is written.
 */
export class Hub {
  private readonly channels = new Map<number, Promise<Channel>>();
  private readonly open = new Map<number, Channel>();
  /** In these something is new, and of these some have not been written to in this round. */
  private dirty = new Set<Channel>();
  private round = new Set<Channel>();
  private spent = 0;
  private readonly pace = new Pace();
  private readonly turns = new Turns(LOOKS);
  private keeper: StreamKeeper | undefined;
  private flushing: NodeJS.Timeout | NodeJS.Immediate | undefined;
  private comparing: NodeJS.Timeout | undefined;
  private readonly comparison: Comparison;

  constructor(private readonly parts: HubParts) {
    const moved = (channel: Channel) => this.abandon(channel);
    const { log, fanout, metrics, failed } = parts;
    this.comparison = new Comparison({ log, fanout, metrics, failed, moved, now: () => parts.now() });
  }

  start(keeper: StreamKeeper): void {
    this.keeper = keeper;
    this.comparing = setInterval(() => void this.compare(), this.parts.compareMs ?? COMPARE_MS);
    this.comparing.unref();
  }

  stop(): void {
    clearInterval(this.comparing);
    clearTimeout(this.flushing as NodeJS.Timeout);
    clearImmediate(this.flushing as NodeJS.Immediate);
    this.dirty.clear();
    this.round.clear();
    for (const organizationId of this.open.keys()) this.parts.fanout.unlisten(organizationId);
  }

  get tier(): string {
    return this.pace.tier;
  }

  /** Organizations that are listened to, and the events of theirs that are held. */
  get held(): { channels: number; events: number } {
    let events = 0;
    for (const { history } of this.open.values()) events += history.size;
    return { channels: this.open.size, events };
  }

  /** Enters somebody at an organization: from then on what happens there comes here. */
  async enter({ organizationId }: Principal, member: object): Promise<Channel> {
    let opening = this.channels.get(organizationId);
    if (!opening) {
      opening = this.openChannel(organizationId);
      this.channels.set(organizationId, opening);
      opening.catch(() => this.channels.delete(organizationId));
    }
    const channel = await opening;
    channel.members.add(member);
    return channel;
  }

  leave(channel: Channel, member: object): void {
    channel.members.delete(member);
    if (channel.members.size === 0) channel.idleSince = this.parts.now();
  }

  channel(organizationId: number): Channel | undefined {
    return this.open.get(organizationId);
  }

  private async openChannel(organizationId: number): Promise<Channel> {
    const { log, fanout } = this.parts;
    // Listen first: what happens behind the head that is read then is told.
    await fanout.listen(organizationId);
    const head = await log.head(organizationId);
    const channel: Channel = new Channel(
      this.historyOf(head, () => this.touch(channel)),
      {
        delivered: (batch, listeners, isLive) => this.delivered(batch, listeners, isLive),
        now: () => this.parts.now(),
        lost: (stream) => this.keeper?.end(stream, stream.isPaused ? 'slow_consumer' : 'resync'),
        caughtUp: (stream) => this.keeper?.end(stream, 'caught_up'),
      },
    );
    channel.seenHead = head.version;
    channel.idleSince = this.parts.now();
    this.open.set(organizationId, channel);
    return channel;
  }

  private historyOf(head: Head, grew: () => void): History {
    const { log, fanout, metrics } = this.parts;
    return new History(head, {
      ...{ log, fanout, grew },
      now: () => this.parts.now(),
      inTurn: (look) => this.turns.take(look),
      healed: (entries) => void (metrics.totals.healed += entries),
    });
  }

  private delivered(batch: Batch, listeners: number, isLive: boolean): void {
    const { totals } = this.parts.metrics;
    totals.delivered += batch.entries.length * listeners;
    totals.conflated += batch.conflated * listeners;
    totals.bytesSaved += batch.saved * listeners;
    if (isLive) this.parts.metrics.deliveredAfter(Date.now() - batch.entries.at(-1)!.at);
  }

  /** Something was told about an organization. */
  events(organizationId: number, entries: readonly Entry[]): void {
    this.parts.metrics.totals.published += entries.length;
    this.open.get(organizationId)?.history.take(entries);
  }

  control(organizationId: number, control: Control): void {
    this.keeper?.control(organizationId, control);
  }

  reconnected(): void {
    void this.compare();
  }

  private touch(channel: Channel): void {
    this.dirty.add(channel);
    this.flushing ??= setTimeout(() => this.flush(), this.pace.wait(performance.now()));
  }

  /** Writes to the organizations in which something is new; what comes meanwhile waits for the next round. */
  private flush(): void {
    const began = performance.now();
    if (this.round.size === 0) [this.round, this.dirty] = [this.dirty, this.round];
    for (const channel of this.round) {
      this.round.delete(channel);
      try {
        channel.flush();
      } catch (error) {
        this.parts.failed(error, 'telling');
      }
      if (performance.now() - began > SLICE_MS) break;
    }
    // Behind what the sockets have left to be done for what was written: that is a part of what writing costs.
    process.nextTick(() => this.flushed(performance.now() - began));
  }

  private flushed(milliseconds: number): void {
    this.spent += milliseconds;
    this.flushing = undefined;
    if (this.round.size > 0) return void (this.flushing = setImmediate(() => this.flush()));
    const now = performance.now();
    this.pace.wrote(this.spent, now);
    this.spent = 0;
    if (this.dirty.size > 0) this.flushing = setTimeout(() => this.flush(), this.pace.wait(now));
  }

  /** Compares with the log how far each organization is. */
  private async compare(): Promise<void> {
    this.forgetIdle();
    await this.comparison.run([...this.open.values()].filter(({ members }) => members.size > 0));
  }

  private abandon(channel: Channel): void {
    this.forget(channel.organizationId);
    this.keeper?.abandon(channel);
    channel.release();
  }

  private forgetIdle(): void {
    const longAgo = this.parts.now() - IDLE_MS;
    for (const [organizationId, { members, idleSince }] of this.open)
      if (members.size === 0 && idleSince <= longAgo) this.forget(organizationId);
  }

  private forget(organizationId: number): void {
    this.open.delete(organizationId);
    this.channels.delete(organizationId);
    this.parts.fanout.unlisten(organizationId);
  }
}
