import { createHash } from 'node:crypto';
import { type CacheFamily, type Tag, tags as tagRegistry } from '@innkeep/contracts';
import type { AnswerCache } from '@innkeep/platform/cache';
import type { Committed, Freshness } from '@innkeep/platform/database';
import type { EdgeHeaders } from '@innkeep/platform/edge';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, callerOf } from './request-state';
import { sparse } from './sparse-answers';
import { isUnchanged } from './validators';

/** One item as a query finds it. */
export interface ItemRow<Body> {
  readonly body: Body;
  readonly version: number;
  /** When that version was written, if it is known and long enough ago to tell it from others. */
  readonly changedAt: Date | null;
}

/** An answer to a read, and all that decides how long who may keep it. */
export interface ReadAnswer {
  readonly body: object;
  readonly freshness: Freshness;
  readonly family: CacheFamily;
  readonly tags: readonly Tag[];
  /** Distinguishes shapes of the same data: raise it with the projection's version or the answer's format. */
  readonly shape: string;
}

/** Reads that took longer than this may have begun before a purge that is over already: no edge keeps them. In milliseconds. */
export const ORIGIN_DEADLINE_MS = 4_000;

/** What else than the address an answer depends on. */
export const VARY = 'Accept-Encoding, Authorization, Origin';

/** Sends what commands and queries answer, with position, validators and cache headers. */
export class Answers {
  constructor(
    private readonly cache: AnswerCache,
    private readonly edge: EdgeHeaders,
  ) {}

  /** The answer of a command: its body byte for byte as it was stored, its position rebuilt from what was stored beside it. */
  committed(
    reply: FastifyReply,
    status: number,
    { body, version, isReplay, dbMs }: Committed,
    headers: Record<string, string> = {},
  ): void {
    reply.request.dbMs = dbMs;
    reply.code(status).headers({ ...headers, 'innkeep-position': String(version), 'cache-control': 'no-store' });
    if (isReplay) reply.header('idempotent-replayed', 'true');
    if (status === 204) void reply.send();
    else void reply.type('application/json; charset=utf-8').send(body);
  }

  /** The answer of one item, changed under its own version: a strong ETag, and beside it the time of the last change. */
  item(request: FastifyRequest, reply: FastifyReply, item: ItemRow<object>, freshness: Freshness): void {
    request.dbMs = freshness.dbMs;
    const { body: wanted, headers } = sparse(request, item.body);
    const lastModified = item.changedAt?.toUTCString();
    this.send(request, reply, Buffer.from(JSON.stringify(wanted)), `"${item.version}"`, {
      ...headers,
      ...(lastModified && { 'last-modified': lastModified }),
      'cache-control': 'private, no-cache',
      'innkeep-position': String(freshness.position),
    });
  }

  /** The answer of a list or report, which may be kept: a weak ETag from the last change of what it was read from. */
  read(request: FastifyRequest, reply: FastifyReply, { body, freshness, family, tags, shape }: ReadAnswer): void {
    const caller = callerOf(request);
    request.dbMs = freshness.dbMs;
    // While a read model trails the state that the answer also shows, its own progress changes the answer too.
    const etag = weakETag([
      freshness.epoch,
      freshness.changed,
      Math.min(freshness.position, freshness.changed),
      shape,
      caller.partition,
      request.url,
    ]);
    const position = String(freshness.position);
    const { body: wanted, headers } = sparse(request, body);
    // At the edge an answer is kept for one caller, and goes when that caller signs out; in memory it is kept for all who may see it.
    const headersFor = ({ principal, expiresAt }: Caller, isLate = false) => ({
      ...headers,
      'innkeep-position': position,
      ...(freshness.isDirect && { 'innkeep-as-of': freshness.asOf.toISOString() }),
      ...this.edge.headers({
        family,
        tags: [...tags, tagRegistry.user(principal.userId)],
        isPurgePending: freshness.isPurgePending,
        isLate,
        secondsLeft: expiresAt - Date.now() / 1000,
      }),
    });
    const isLate = performance.now() - request.startedAt > ORIGIN_DEADLINE_MS;
    const bytes = Buffer.from(JSON.stringify(wanted));
    // Kept before it is sent, so that what it is compressed to for sending can be kept with it.
    if (request.cacheKey && request.loadTicket && !freshness.isPurgePending) {
      this.cache.store(
        request.cacheKey,
        { body: bytes, etag, headersFor, position: freshness.position, tags, route: request.routeOptions.url! },
        request.loadTicket,
      );
    }
    this.send(request, reply, bytes, etag, headersFor(caller, isLate));
  }

  private send(
    request: FastifyRequest,
    reply: FastifyReply,
    bytes: Buffer,
    etag: string,
    headers: Record<string, string>,
  ): void {
    reply.headers(headers).header('etag', etag).header('vary', VARY);
    if (isUnchanged(request.headers, etag, headers['last-modified'])) void reply.code(304).send();
    else void reply.type('application/json; charset=utf-8').send(bytes);
  }
}

const weakETag = (parts: readonly unknown[]): string =>
  `W/"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)}"`;
