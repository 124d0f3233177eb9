import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SimulatedEdge, type TagRules } from './simulated-edge';

/** A purge request as the provider's API saw it. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the API answers. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a purge came to: which tags were asked for, and whether they are gone. */
export interface SeenPurge {
  readonly at: number;
  readonly status: number;
  readonly tags: readonly string[];
}

/** What the API does instead of what it should. */
export type Fault =
  /** Takes the request and never answers. */
  | 'hang'
  /** Answers 429, whatever the quota says. */
  | { readonly throttle: true; readonly retryAfter?: number }
  | { readonly status: number }
  /** Purges only some of the tags, where the provider can say so. */
  | 'partial'
  /** Says that it purged and did nothing. */
  | 'pretend';

/** How one provider speaks. Answers undefined where the path is none of its API's. */
export interface Dialect {
  readonly name: string;
  readonly tagRules: TagRules;
  answer(request: ApiRequest, simulator: CdnSimulator): ApiAnswer | undefined;
  /** A refusal for asking too often, as the provider words it. */
  throttled(seconds: number | undefined): ApiAnswer;
}

export interface SimulatorOptions {
  readonly port?: number;
  /** What it is an edge for; without one it only takes purges. */
  readonly origin?: string;
}

/** A CDN on this machine: an edge that keeps answers of an origin, and the API by which they are purged, with its limits. */
export class CdnSimulator {
  readonly seen: SeenPurge[] = [];
  /** When each tag was purged last, in milliseconds since 1970. */
  readonly purgedAt = new Map<string, number>();
  fault: Fault | undefined;
  /** Waited for when a purge was carried out and before that is said. */
  beforeAnswer: (() => Promise<void>) | undefined;
  readonly edge: SimulatedEdge;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  private constructor(
    private readonly dialect: Dialect,
    { origin }: SimulatorOptions,
  ) {
    this.edge = new SimulatedEdge(origin, dialect.tagRules);
  }

  static async start(dialect: Dialect, options: SimulatorOptions = {}): Promise<CdnSimulator> {
    const simulator = new CdnSimulator(dialect, options);
    simulator.server.listen(options.port ?? 0, '127.0.0.1');
    await once(simulator.server, 'listening');
    return simulator;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Called by the dialect once it knows what is to be purged. Answers with what was. */
  purge(tags: readonly string[], work: () => void = () => this.edge.purgeTags(tags)): void {
    if (this.fault === 'pretend') return;
    for (const tag of tags) this.purgedAt.set(tag, Date.now());
    work();
  }

  note(status: number, tags: readonly string[]): void {
    this.seen.push({ at: Date.now(), status, tags });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    try {
      const asked = { method, path: url, headers, body: await text(request) };
      const answer = method === 'GET' ? undefined : this.ask(asked);
      if (answer === 'none') return;
      if (answer && answer.status < 300) await this.beforeAnswer?.();
      const given = answer ?? (await this.edge.get(url, headers));
      response.writeHead(given.status, given.headers).end(given.body);
    } catch (error) {
      if (!response.headersSent) response.writeHead(502);
      response.end(String(error));
    }
  }

  private ask(request: ApiRequest): ApiAnswer | 'none' {
    const { fault } = this;
    if (fault === 'hang') {
      this.note(0, []);
      return 'none';
    }
    if (typeof fault === 'object') {
      const answer =
        'throttle' in fault ? this.dialect.throttled(fault.retryAfter) : { status: fault.status, body: 'out of order' };
      this.note(answer.status, []);
      return answer;
    }
    return this.dialect.answer(request, this) ?? { status: 404, body: 'there is no such route' };
  }
}

/** Starts a CDN that speaks this dialect, on a port that is free. */
export const simulateCdn = (dialect: Dialect, options: SimulatorOptions = {}): Promise<CdnSimulator> =>
  CdnSimulator.start(dialect, options);
