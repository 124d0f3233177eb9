import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { startVarnish, varnishAvailable } from './varnish';

/** A request as the origin behind the edge saw it. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}
/** What the origin is to say; by default 200 and `answer <number of the request>`. */
export interface Answer {
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}
/** What a client of the edge is given. */
export interface Given {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export const edgeDebugToken = 'a-token-for-the-edge';

/** Skipped where Varnish is not installed, but never in CI. */
export const describeEdge = (name: string, tests: () => void) =>
  (varnishAvailable() || process.env.CI ? describe : describe.skip)(name, tests);

/** The headers of an answer that the edge may store. */
export const mayBeStored = (more: OutgoingHttpHeaders = {}): OutgoingHttpHeaders => ({
  'cache-control': 'private, no-cache',
  'cdn-cache-control': 'max-age=300, stale-while-revalidate=3',
  'surrogate-key': 'org:1 property:7',
  'cache-tag': 'org:1,property:7',
  'innkeep-position': '5',
  vary: 'Accept-Encoding',
  etag: 'W/"5"',
  ...more,
});

/** The partition that the origin tells the edge for a token, unless the test says otherwise: one for each. */
export const partitionFor = (authorization: string): string =>
  createHash('sha256').update(authorization).digest('base64url').slice(0, 22);

export const bearer = (token: string, more: Record<string, string> = {}) => ({
  authorization: `Bearer ${token}`,
  ...more,
});

export const cacheStatus = (given: { headers: Headers }) => given.headers.get('cache-status');

/** A lookup that is kept for so many seconds, unless it is purged as that of a user. */
export const knownFor =
  (seconds: number, partition = partitionFor, user = 'user:1') =>
  (authorization: string): Answer => ({
    headers: {
      'x-tenant-partition': partition(authorization),
      'cache-control': 'private, no-store',
      'cdn-cache-control': `max-age=${seconds}`,
      'surrogate-key': user,
      'cache-tag': user,
    },
    body: '{}',
  });

/** An edge that runs: where clients go, and how tags are purged. */
export interface RunningEdge {
  readonly url: string;
  /** Where purges are sent, if that is an address of the edge's own. */
  readonly purgeUrl?: string;
  purgeTags(tags: readonly string[]): Promise<unknown>;
  stop(): Promise<void>;
}
export type EdgeStarter = (originPort: number, environment: Readonly<Record<string, string>>) => Promise<RunningEdge>;

/** Varnish with the product's VCL. */
export const varnishEdge: EdgeStarter = async (originPort, environment) => {
  const varnish = await startVarnish({ originPort, environment });
  const purgeTags = async (tags: readonly string[]) => {
    const answer = await fetch(`${varnish.purgeUrl}/`, { method: 'PURGE', headers: { 'xkey-purge': tags.join(' ') } });
    if (answer.status !== 200) throw new Error(`a purge was answered with ${answer.status}`);
    await answer.arrayBuffer();
  };
  return { ...varnish, purgeTags };
};

/** The product's edge in front of an origin that the test speaks for; started before the tests of the block and stopped after. */
export class EdgeUnderTest {
  /** What reached the origin in this test. */
  asked: Asked[] = [];
  /** Speaks for the origin; may answer by itself and return nothing. */
  answer: (asked: Asked, response: ServerResponse) => Answer | undefined = () => ({ headers: mayBeStored() });
  /** Says who a caller is. */
  context: (authorization: string) => Answer = knownFor(300);
  /** The callers that the edge has asked about in this test. */
  lookups: string[] = [];
  /** A path that no earlier test has used. */
  path = '';
  private paths = 0;
  private edge!: RunningEdge;
  private readonly origin = createServer((message, response) => {
    const { method = '', url = '', headers } = message;
    const isLookup = url === '/v1/edge/context';
    if (isLookup) this.lookups.push(headers.authorization ?? '');
    else this.asked.push({ method, url, headers });
    const given = isLookup
      ? this.context(headers.authorization ?? '')
      : this.answer({ method, url, headers }, response);
    if (!given) return;
    const { status = 200, headers: sent, body = `answer ${this.asked.length}` } = given;
    message.resume().on('end', () => response.writeHead(status, sent).end(status === 304 ? undefined : body));
  });

  constructor(private readonly begin: EdgeStarter = varnishEdge) {
    beforeAll(() => this.start());
    afterAll(() => this.stop());
    beforeEach(() => {
      this.asked = [];
      this.lookups = [];
      this.context = knownFor(300);
      this.answer = () => ({ headers: mayBeStored() });
      this.newPath();
    });
  }

  newPath(): string {
    return (this.path = `/v1/reports/${++this.paths}`);
  }

  get url(): string {
    return this.edge.url;
  }

  get purgeUrl(): string {
    return this.edge.purgeUrl ?? this.edge.url;
  }

  async get(headers: Record<string, string> = {}, path = this.path, method = 'GET'): Promise<Given> {
    const response = await fetch(this.edge.url + path, { method, headers, redirect: 'manual' });
    return { status: response.status, headers: response.headers, body: await response.text() };
  }

  /** A request with this very target and body, which `fetch` would tidy up or refuse. */
  raw(target: string, headers: OutgoingHttpHeaders = {}, body?: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const sent = request(this.edge.url, { path: target, headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      sent.on('error', reject).end(body);
    });
  }

  async purgeTags(...tags: string[]): Promise<void> {
    await this.edge.purgeTags(tags);
  }

  async purge(headers: Record<string, string>, url = this.purgeUrl): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${url}/`, { method: 'PURGE', headers });
    return { status: response.status, body: await response.json() };
  }

  private async start(): Promise<void> {
    await new Promise<void>((resolve) => this.origin.listen(0, '127.0.0.1', resolve));
    const originPort = (this.origin.address() as AddressInfo).port;
    this.edge = await this.begin(originPort, { EDGE_DEBUG_TOKEN: edgeDebugToken });
  }

  private async stop(): Promise<void> {
    await this.edge?.stop();
    this.origin.closeAllConnections();
    await new Promise((resolve) => this.origin.close(resolve));
  }
}
