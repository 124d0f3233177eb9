import { PassThrough } from 'node:stream';
import type { Socket } from 'node:net';
import { gunzipSync, constants } from 'node:zlib';
import type { PropertyScope, Role } from '@innkeep/contracts';
import { EventStreamReader, LiveLedger } from '@innkeep/testing';
import { Registry } from 'prom-client';
import type { Coding } from './batch';
import { type Entry, toEntry } from './entry';
import { Hub } from './hub';
import type { Leases } from './leases';
import { LiveMetrics } from './live-metrics';
import { LivePolls } from './live-polls';
import { type LiveStreamsParts, LiveStreams } from './live-streams';
import { parsePosition } from './position';
import type { Fanout, Head, LiveLog } from './sources';
import type { Stream } from './stream';
import type { Choice, Listener } from './subscription';

/** A log in memory: of one organization unless it is said otherwise. */
export class MemoryLog implements LiveLog {
  readonly entries: Entry[] = [];
  reads = 0;
  /** The oldest version that is still to be had. */
  oldest = 1;
  /** Grows with a restore. */
  epoch = 1;

  record(type: string, about: { propertyId?: number; entityId?: string; data?: object } = {}): Entry {
    const entry = toEntry({
      ...{ bucket: 1, organizationId: 7, position: 0, schemaVersion: 1, type, recordedAt: new Date() },
      version: this.entries.length + 1,
      propertyId: about.propertyId,
      entityId: about.entityId,
      data: about.data ?? { amountCents: this.entries.length },
    });
    this.entries.push(entry);
    return entry;
  }

  async head(organizationId: number): Promise<Head> {
    return { organizationId, bucket: 1, shard: 'one', epoch: this.epoch, version: this.entries.length };
  }

  async ahead(known: readonly Head[]): Promise<ReadonlyMap<number, number>> {
    const behind = known.filter(({ version }) => version < this.entries.length);
    return new Map(behind.map(({ organizationId }) => [organizationId, this.entries.length]));
  }

  async moved(known: readonly Head[]): Promise<ReadonlySet<number>> {
    return new Set(known.filter(({ epoch }) => epoch !== this.epoch).map(({ organizationId }) => organizationId));
  }

  async read(_organizationId: number, after: number, upTo: number, limit: number): Promise<Entry[]> {
    this.reads++;
    const from = Math.max(after, this.oldest - 1);
    return this.entries.slice(from, Math.min(upTo, from + limit));
  }
}

/** A fan-out that tells nobody: a test hands on what it wants to arrive. */
class NoFanout implements Fanout {
  async listen(): Promise<void> {}
  unlisten(): void {}
  keepWanting(): void {}
  async window(): Promise<Entry[]> {
    return [];
  }
  async control(): Promise<void> {}
}

/** No limits. */
class NoLeases implements Leases {
  async take(): Promise<undefined> {
    return undefined;
  }
  release(): void {}
  async renew(): Promise<void> {}
  limitOf(): number {
    return Infinity;
  }
}

export const listenerOf = (role: Role, properties: PropertyScope = 'all', userId = 1): Listener => ({
  principal: { organizationId: 7, userId, role, properties, permissionEpoch: 1, sessionId: `session-${userId}` },
  partition: `7/${role}/${properties === 'all' ? 'all' : properties.join('-')}`,
});

/** A client on a socket in memory: what it is sent is read as a browser would, and checked. */
export class MemoryClient {
  readonly ledger = new LiveLedger();
  readonly events: { event: string; data: string }[] = [];
  /** Like a socket's, but nothing is read while the client does not listen. */
  readonly socket = new PassThrough({ highWaterMark: 16 * 1024 });
  bytes = Buffer.alloc(0);

  listen(): this {
    const reader = new EventStreamReader();
    this.socket.on('data', (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
      const text = chunk
        .toString()
        .replace(/^[0-9a-f]+\r\n/gm, '')
        .replaceAll('\r\n', '');
      if (this.isPlain) for (const event of reader.read(text)) this.take(event);
    });
    return this;
  }

  constructor(private readonly isPlain = true) {}

  private take(event: { event: string; id: string | undefined; data: string }): void {
    this.events.push(event);
    this.ledger.take(event);
  }

  /** What came, if it was compressed. */
  get unpacked(): string {
    const parts: Buffer[] = [];
    for (let at = 0; at < this.bytes.length;) {
      const end = this.bytes.indexOf('\r\n', at);
      const length = Number.parseInt(this.bytes.subarray(at, end).toString(), 16);
      parts.push(this.bytes.subarray(end + 2, end + 2 + length));
      at = end + 2 + length + 2;
    }
    return gunzipSync(Buffer.concat(parts), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
  }
}

/** A hub with streams and polls, on a log in memory and a clock that a test may turn. */
export class LiveUnderTest {
  readonly log = new MemoryLog();
  readonly metrics = new LiveMetrics(new Registry(), () => ({}));
  readonly hub: Hub;
  readonly streams: LiveStreams;
  readonly polls: LivePolls;
  readonly endings: { reason: string | undefined }[] = [];
  revoked = new Set<number>();
  ahead = 0;
  failures: unknown[] = [];

  constructor(waiters = 100) {
    const now = () => Date.now() + this.ahead;
    const { log, metrics } = this;
    const failed = (error: unknown) => void this.failures.push(error);
    this.hub = new Hub({ log, fanout: new NoFanout(), metrics, failed, now, compareMs: 100 });
    const judged: Omit<LiveStreamsParts, 'leases' | 'ended'> = {
      ...{ hub: this.hub, metrics, now, tickMs: 100 },
      refusalOf: ({ userId }) => (this.revoked.has(userId) ? new Error('revoked') : undefined),
      revision: () => this.revoked.size,
    };
    this.streams = new LiveStreams({
      ...{ ...judged, leases: new NoLeases() },
      ended: ({ reason }: Stream) => void this.endings.push({ reason }),
    });
    this.polls = new LivePolls({ ...judged, limit: waiters });
    this.hub.start(this.streams);
    this.streams.start();
    this.polls.start();
  }

  stop(): void {
    this.hub.stop();
    this.streams.stop();
    this.polls.stop();
  }

  /** Records something, and tells of it unless it is lost on the way. */
  happens(type: string, about: Parameters<MemoryLog['record']>[1] = {}, isTold = true): Entry {
    const entry = this.log.record(type, about);
    if (isTold) this.hub.events(7, [entry]);
    return entry;
  }

  async open(
    client: MemoryClient,
    listener = listenerOf('owner'),
    asked: { choice?: Choice; coding?: Coding; expiresAt?: number; follows?: boolean } = {},
  ): Promise<MemoryClient> {
    const { position } = client.ledger;
    const open = await this.streams.admit({
      listener,
      expiresAt: asked.expiresAt ?? (Date.now() + 900_000) / 1_000,
      choice: asked.choice ?? {},
      position: position === undefined ? undefined : parsePosition(position),
      coding: asked.coding ?? 'identity',
      follows: asked.follows ?? true,
      client: { origin: undefined, agent: undefined },
    });
    open(client.socket as unknown as Socket);
    return client;
  }
}
