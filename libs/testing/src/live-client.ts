import { EventStreamReader, type StreamEvent } from './event-stream';

/** A message as a client gets it. */
export interface LiveMessage {
  readonly id: string;
  readonly after: string;
  readonly type: string;
  readonly service: string;
  readonly propertyId?: number;
  readonly entityId?: string;
  readonly data: Record<string, unknown>;
}

const versionOf = (position: string): number => Number(position.split('.')[1]);

/** What a client has held since it last read everything anew. */
export interface LiveSegment {
  /** What it read anew was as of this version, at least. */
  readonly from: number;
  /** Everything up to here has been sent. */
  upTo: number;
  /** The messages that came, by version. */
  readonly versions: number[];
}

/**
 * What a client knows, checked as it grows: every message comes behind the one it names, none comes twice, and nothing is missing
 * unless the client was told to read anew.
 */
export class LiveLedger {
  /** What the client gives when it comes back. */
  position: string | undefined;
  readonly messages: LiveMessage[] = [];
  /** One more each time that it was told to read anew what it shows. */
  readonly segments: LiveSegment[] = [];
  readonly flaws: string[] = [];

  /** @param keeps whether the messages themselves are kept, or only which they were */
  constructor(private readonly keeps = true) {}

  get version(): number {
    return this.position === undefined ? 0 : versionOf(this.position);
  }

  take({ event, id, data }: StreamEvent): void {
    const told = JSON.parse(data) as LiveMessage & { recovered?: boolean };
    if (event === 'ready') this.begin(told.recovered === true, id!);
    else if (event === 'message') this.message(told);
    else if (event === 'position' || event === 'subscribed') this.advance(id!, told.after);
  }

  private begin(isRecovered: boolean, position: string): void {
    if (isRecovered && this.position !== undefined && position !== this.position)
      this.flaws.push(`taken up at ${position} instead of ${this.position}`);
    if (!isRecovered || this.segments.length === 0)
      this.segments.push({ from: versionOf(position), upTo: versionOf(position), versions: [] });
    this.position = position;
  }

  private message(message: LiveMessage): void {
    const version = versionOf(message.id);
    this.follows(message.after, message.id);
    if (version <= this.version) this.flaws.push(`${message.id} came at ${this.position}`);
    if (this.keeps) this.messages.push(message);
    this.segments.at(-1)!.versions.push(version);
    this.hold(message.id);
  }

  private advance(position: string, after: string): void {
    this.follows(after, `position ${position}`);
    if (versionOf(position) < this.version) this.flaws.push(`position ${position} came at ${this.position}`);
    this.hold(position);
  }

  private hold(position: string): void {
    this.position = position;
    this.segments.at(-1)!.upTo = versionOf(position);
  }

  private follows(after: string, what: string): void {
    if (versionOf(after) > this.version) this.flaws.push(`${what} follows ${after}, held is ${this.position}`);
  }
}

export interface LiveClientOptions {
  readonly url: string;
  readonly token?: string;
  /** Of the stream, with its question mark. */
  readonly query?: string;
  readonly headers?: Record<string, string>;
  /** Whether messages and events are kept. */
  readonly keeps?: boolean;
}

/** A client of the stream, over fetch; comes back where it stopped when it is opened again. */
export class LiveClient {
  readonly ledger: LiveLedger;
  /** Everything that came, in order. */
  readonly events: StreamEvent[] = [];
  status = 0;
  response: Response | undefined;
  private aborting = new AbortController();
  private reading: Promise<void> = Promise.resolve();
  isOpen = false;

  constructor(private readonly options: LiveClientOptions) {
    this.ledger = new LiveLedger(options.keeps);
  }

  /** Opens the stream; resolves once it has answered. */
  async open(url = this.options.url): Promise<this> {
    const { token, query = '', headers } = this.options;
    this.aborting = new AbortController();
    const { position } = this.ledger;
    const response = await fetch(`${url}/v2/realtime/stream${query}`, {
      signal: this.aborting.signal,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(position && { 'last-event-id': position }),
        ...headers,
      },
    });
    this.response = response;
    this.status = response.status;
    if (response.status !== 200) {
      await response.body?.cancel();
      return this;
    }
    this.isOpen = true;
    this.reading = this.read(response).finally(() => (this.isOpen = false));
    return this;
  }

  private async read(response: Response): Promise<void> {
    const reader = new EventStreamReader();
    const decoder = new TextDecoder();
    try {
      for await (const piece of response.body!) {
        for (const event of reader.read(decoder.decode(piece as Uint8Array, { stream: true }))) {
          if (this.options.keeps !== false) this.events.push(event);
          this.ledger.take(event);
        }
      }
    } catch {
      // The connection ended: what came until then counts.
    }
  }

  /** Ends the stream from this side. */
  async close(): Promise<void> {
    this.aborting.abort();
    await this.reading;
  }

  /** Resolves when the stream has ended, whoever ended it. */
  async ended(): Promise<void> {
    await this.reading;
  }

  /** The events of a kind that have come. */
  of<Data = Record<string, unknown>>(event: string): Data[] {
    return this.events.filter((one) => one.event === event).map(({ data }) => JSON.parse(data) as Data);
  }
}
