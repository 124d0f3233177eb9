import type { Channel } from './channel';
import type { LiveMetrics } from './live-metrics';
import type { Fanout, LiveLog } from './sources';

/** How often Redis is told which organizations are listened to. */
const WANT_MS = 20_000;
/** How often the directory is asked whether what is listened to has moved. */
const MOVED_MS = 3_000;

export interface ComparisonParts {
  readonly log: LiveLog;
  readonly fanout: Fanout;
  readonly metrics: LiveMetrics;
  readonly failed: (error: unknown, during: string) => void;
  /** The positions of a channel are worth nothing any more. */
  readonly moved: (channel: Channel) => void;
  now(): number;
}

/** Compares what is listened to with the truth: how far the log goes, and whether it is still the same log. */
export class Comparison {
  private isRunning = false;
  private wantedAt = 0;
  private lookedForMovedAt = 0;

  constructor(private readonly parts: ComparisonParts) {}

  /** What was not told by the next time is read from the log. */
  async run(listened: readonly Channel[]): Promise<void> {
    if (this.isRunning || listened.length === 0) return;
    this.isRunning = true;
    try {
      this.keepWanting(listened);
      const moved = await this.findMoved(listened);
      const stays = listened.filter(({ organizationId }) => !moved.has(organizationId));
      const ahead = await this.parts.log.ahead(stays.map(({ history }) => ({ ...history.at, version: history.head })));
      for (const channel of stays) this.judge(channel, ahead.get(channel.organizationId));
    } catch (error) {
      this.parts.failed(error, 'comparing with the log');
    } finally {
      this.isRunning = false;
    }
  }

  /** Positions of another epoch do not compare: whoever holds one has to read anew. */
  private async findMoved(listened: readonly Channel[]): Promise<ReadonlySet<number>> {
    if (this.parts.now() - this.lookedForMovedAt < MOVED_MS) return new Set();
    this.lookedForMovedAt = this.parts.now();
    const moved = await this.parts.log.moved(listened.map(({ history }) => history.at)).catch((error: unknown) => {
      this.parts.failed(error, 'asking the directory what has moved');
      return new Set<number>();
    });
    for (const channel of listened) if (moved.has(channel.organizationId)) this.parts.moved(channel);
    return moved;
  }

  private judge(channel: Channel, head: number | undefined): void {
    const { history } = channel;
    // What was there the last time already should have come by now.
    if (head !== undefined && history.head < channel.seenHead) {
      this.parts.metrics.totals.dropped += channel.seenHead - history.head;
      history.reach(head);
      // Redis may have forgotten that somebody listens.
      this.parts.fanout.keepWanting([channel.organizationId]);
    }
    channel.seenHead = head ?? history.head;
    history.trim(channel.version);
  }

  private keepWanting(listened: readonly Channel[]): void {
    if (this.parts.now() - this.wantedAt < WANT_MS) return;
    this.wantedAt = this.parts.now();
    this.parts.fanout.keepWanting(listened.map(({ organizationId }) => organizationId));
  }
}
