import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EdgeStarter } from '@innkeep/testing';
import { Edge } from './edge';
import type { EdgeCache, EdgeRuntime } from './runtime';

interface Kept {
  readonly body: ArrayBuffer;
  readonly headers: Headers;
  readonly until: number;
  readonly tags: readonly string[];
}

/** The cache of a data centre, as Cloudflare documents it: by address alone, refusing what must not be kept, purged by tag. */
export class SimulatedCache implements EdgeCache {
  readonly kept = new Map<string, Kept>();

  constructor(private readonly now: () => number = Date.now) {}

  async match({ url }: Request): Promise<Response | undefined> {
    const found = this.kept.get(url);
    if (!found) return undefined;
    if (found.until > this.now()) return new Response(found.body, { headers: found.headers });
    this.kept.delete(url);
    return undefined;
  }

  async put(key: Request, answer: Response): Promise<void> {
    if (key.method !== 'GET') throw new TypeError('only GET can be put');
    if (answer.status === 206 || answer.headers.get('vary')?.includes('*')) throw new TypeError('cannot be put');
    const control = answer.headers.get('cache-control') ?? '';
    const seconds = Number(/(?:^|,)\s*(?:s-)?max-?age=(\d+)/.exec(control)?.[1] ?? 0);
    if (/no-store|private/.test(control) || answer.headers.has('set-cookie') || seconds === 0) return;
    const headers = new Headers(answer.headers);
    const tags = (headers.get('cache-tag') ?? '').toLowerCase().split(',');
    // Told to nobody who asks the cache: it takes the tags for itself.
    const body = await answer.arrayBuffer();
    this.kept.set(key.url, { body, headers, until: this.now() + seconds * 1_000, tags });
  }

  purge(tags: readonly string[]): void {
    for (const [url, { tags: own }] of this.kept) if (own.some((tag) => tags.includes(tag))) this.kept.delete(url);
  }
}

/** The Worker's edge on a simulated platform. */
export const simulatedRuntime = (cache: EdgeCache): EdgeRuntime => ({
  cache,
  fetch: (request) => fetch(request),
  waitUntil: (work) => void work.catch(() => undefined),
  now: () => Date.now(),
});

async function toRequest(message: IncomingMessage, base: string): Promise<Request> {
  const headers = new Headers();
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const [name, value] = [message.rawHeaders[index]!, message.rawHeaders[index + 1]!];
    if (!/^(connection|keep-alive|host|content-length|transfer-encoding)$/i.test(name)) headers.append(name, value);
  }
  const { method = 'GET', url = '/' } = message;
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  const body = method === 'GET' || method === 'HEAD' ? undefined : Buffer.concat(parts);
  // The platform keeps a request's address as it was sent; a body that GET had is known by its length alone.
  if (!body && parts.length > 0) headers.set('content-length', String(Buffer.concat(parts).length));
  return new Request(base + url, { method, headers, body: body && new Uint8Array(body) });
}

async function respond(answer: Response, response: ServerResponse): Promise<void> {
  const headers = Object.fromEntries(answer.headers);
  // The platform's fetch has unpacked what came.
  delete headers['content-encoding'];
  delete headers['content-length'];
  response.writeHead(answer.status, headers);
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/** The Worker behind a server of Node's, in front of an origin on this machine. */
export const workerEdge: EdgeStarter = async (originPort, { EDGE_DEBUG_TOKEN }) => {
  const edge = new Edge();
  const cache = new SimulatedCache();
  const environment = { ORIGIN: `http://127.0.0.1:${originPort}`, EDGE_DEBUG_TOKEN };
  let url = '';
  const server = createServer((message, response) => {
    toRequest(message, url)
      .then((request) => edge.answer(request, environment, simulatedRuntime(cache)))
      .then((answer) => respond(answer, response))
      .catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    purgeTags: async (tags) => cache.purge(tags),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
