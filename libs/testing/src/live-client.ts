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

/**
 * What a client knows, checked as it grows: every message comes behind the one it names, none comes twice, and nothing is missing
 * unless the client was told to read anew.
 */
export class LiveLedger {
  /** What the client gives when it comes back. */
  position: string | undefined;
  readonly messages: LiveMessage[] = [];
  /** How often it was told to read anew what it shows, and what it held by then. */
  readonly restarts: number[] = [];
  readonly flaws: string[] = [];
  /** The last of its own messages. */
  private last = 0;

  get version(): number {
    return this.position === undefined ? 0 : versionOf(this.position);
  }

  take({ event, id, data }: StreamEvent): void {
    const told = JSON.parse(data) as LiveMessage & { recovered?: boolean; after: string };
    if (event === 'ready') this.begin(told.recovered === true, id!);
    else if (event === 'message') this.message(told);
    else if (event === 'position' || event === 'subscribed') this.advance(id!, told.after);
  }

  private begin(isRecovered: boolean, position: string): void {
    if (!isRecovered) {
      this.restarts.push(this.messages.length);
      this.position = position;
    } else if (position !== this.position) this.flaws.push(`taken up at ${position} instead of ${this.position}`);
  }

  private message(message: LiveMessage): void {
    this.follows(message.after, message.id);
    if (versionOf(message.id) <= this.version) this.flaws.push(`${message.id} came at ${this.position}`);
    this.messages.push(message);
    this.last = versionOf(message.id);
    this.position = message.id;
  }

  private advance(position: string, after: string): void {
    this.follows(after, `position ${position}`);
    if (versionOf(position) < this.version) this.flaws.push(`position ${position} came at ${this.position}`);
    this.position = position;
  }

  private follows(after: string, what: string): void {
    if (versionOf(after) > this.version) this.flaws.push(`${what} follows ${after}, held is ${this.position}`);
  }

  get lastVersion(): number {
    return this.last;
  }
}

export interface LiveClientOptions {
  readonly url: string;
  readonly token?: string;
  /** Of the stream, with its question mark. */
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

/** A client of the stream, over fetch; comes back where it stopped when it is opened again. */
export class LiveClient {
  readonly ledger = new LiveLedger();
  /** Everything that came, in order. */
  readonly events: StreamEvent[] = [];
  status = 0;
  response: Response | undefined;
  private aborting = new AbortController();
  private reading: Promise<void> = Promise.resolve();
  isOpen = false;

  constructor(private readonly options: LiveClientOptions) {}

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
          this.events.push(event);
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
