import type { FastifyInstance } from 'fastify';

const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Innkeep-Min-Position',
  'Last-Event-ID',
  'X-Request-Id',
].join(', ');

const EXPOSED_HEADERS = [
  'Allow',
  'Cache-Status',
  'Deprecation',
  'ETag',
  'Idempotent-Replayed',
  'Innkeep-As-Of',
  'Innkeep-Position',
  'Link',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Server-Timing',
  'Sunset',
  'X-Fields-Available',
  'X-Fields-Returned',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'X-Request-Id',
].join(', ');

/** How long a browser need not ask again, in seconds: the longest that browsers remember. */
const PREFLIGHT_SECONDS = 7_200;

/**
 * Which pages of other origins may call (Fetch Standard, "CORS protocol"): those listed, letter by letter, and never with cookies,
 * which the API does not know. Not a plugin, because answers from memory are given before any plugin is asked.
 */
export class CrossOrigin {
  private readonly allowed: ReadonlySet<string>;

  /** @param origins such as `https://app.example.com` */
  constructor(origins: readonly string[]) {
    this.allowed = new Set(origins);
  }

  /** What an answer says to the origin that asks; nothing, if it may not know. */
  headersFor(origin: string | undefined): Record<string, string> | undefined {
    if (origin === undefined || !this.allowed.has(origin)) return undefined;
    return { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED_HEADERS };
  }

  /** Tells pages that they may read answers and problems, and answers what browsers ask beforehand. */
  serve(server: FastifyInstance): void {
    server.addHook('onRequest', (request, reply, done) => {
      const { origin } = request.headers;
      reply.header('vary', 'Origin');
      const headers = this.headersFor(origin);
      if (headers) reply.headers(headers);
      const isPreflight =
        request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
      if (!isPreflight || origin === undefined) return done();
      if (headers) {
        reply.headers({
          'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
          'access-control-allow-headers': ALLOWED_HEADERS,
          'access-control-max-age': String(PREFLIGHT_SECONDS),
        });
      }
      void reply.code(204).send();
    });
  }
}
