import { createHash } from 'node:crypto';
import type { RecordedEvent, Tag } from '@innkeep/contracts';
import type { AnswerTiers, CachedAnswer } from '@innkeep/platform/cache';
import type { Committed, Freshness } from '@innkeep/platform/database';
import { type EdgeHeaders, PARTITION_HEADER, type TenantPartitions, invalidatedGroups } from '@innkeep/platform/edge';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, callerOf } from './request-state';
import { keptAnswer } from './kept-answer';
import { isPersonal } from './route';
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
  readonly tags: readonly Tag[];
  /** The longest that it is true if nothing happens, in seconds; without it the family decides alone. */
  readonly secondsLeft?: number | null;
  /** Distinguishes shapes of the same data: raise it with the projection's version or the answer's format. */
  readonly shape: string;
}

/** Reads that took longer than this may have begun before a purge that is over already: no edge keeps them. In milliseconds. */
export const ORIGIN_DEADLINE_MS = 4_000;

/** Whether an answer has taken so long that a purge may have passed it by on its way to the edge. */
export const isLateFor = ({ startedAt }: FastifyRequest): boolean => performance.now() - startedAt > ORIGIN_DEADLINE_MS;

/** What else than the address an answer depends on. */
export const VARY = 'Accept-Encoding, Authorization, Origin';

/** Sends what commands and queries answer, with position, validators and cache headers. */
export class Answers {
  constructor(
    private readonly tiers: AnswerTiers,
    private readonly edge: EdgeHeaders,
    private readonly partitions?: TenantPartitions,
    /** The tags of what an event changes. */
    private readonly touched: (event: RecordedEvent) => readonly Tag[] = () => [],
  ) {}

  /** The answer of a command: its body byte for byte as it was stored, its position rebuilt from what was stored beside it. */
  committed(reply: FastifyReply, status: number, committed: Committed, headers: Record<string, string> = {}): void {
    const { body, version, isReplay, dbMs } = committed;
    reply.request.dbMs = dbMs;
    reply
      .code(status)
      .headers({ ...headers, ...this.outdated(reply.request, committed) })
      .headers({ 'innkeep-position': String(version), 'cache-control': 'no-store' });
    if (isReplay) reply.header('idempotent-replayed', 'true');
    if (status === 204) void reply.send();
    else void reply.type('application/json; charset=utf-8').send(body);
  }

  /** What a cache of the caller's is to forget. Whoever has not signed in has none, and is not told whose things he changed. */
  private outdated({ caller }: FastifyRequest, { events = [], version }: Committed): Record<string, string> {
    if (!caller) return {};
    const { organizationId } = caller.principal;
    const recorded = { organizationId, version, bucket: 0, position: 0, recordedAt: new Date() };
    const changed = events.flatMap((event) => this.touched({ ...event, ...recorded }));
    return invalidatedGroups(changed, organizationId);
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

  /** An answer that is the caller's own: kept by nobody else, with an ETag from what it says, so that it is sent again only if it is another. */
  own(request: FastifyRequest, reply: FastifyReply, body: object, { position, dbMs }: Freshness): void {
    request.dbMs = dbMs;
    const { body: wanted, headers } = sparse(request, body);
    const bytes = Buffer.from(JSON.stringify(wanted));
    this.send(request, reply, bytes, weakETag([callerOf(request).partition, request.url, bytes.toString()]), {
      ...headers,
      'cache-control': 'private, no-cache',
      'innkeep-position': String(position),
    });
  }

  /** The answer of a list or report, which may be kept: a weak ETag from the last change of what it was read from. */
  read(request: FastifyRequest, reply: FastifyReply, { body, freshness, tags, secondsLeft, shape }: ReadAnswer): void {
    const caller = callerOf(request);
    const cache = request.routeOptions.config.rules?.cache;
    if (!cache) throw new Error(`${request.routeOptions.url} does not declare how its answers are kept`);
    request.dbMs = freshness.dbMs;
    const isOwn = isPersonal(cache, caller.principal);
    // While a read model trails the state that the answer also shows, its own progress changes the answer too.
    const etag = weakETag([
      freshness.epoch,
      freshness.changed,
      Math.min(freshness.position, freshness.changed),
      shape,
      caller.partition,
      request.url,
      // Whoever signs in next on the same browser must not be told that what the last one saw has not changed.
      ...(isOwn ? [caller.principal.userId] : []),
    ]);
    const { body: wanted, headers: ofFields } = sparse(request, body);
    const headers = {
      ...ofFields,
      'innkeep-position': String(freshness.position),
      ...(freshness.isDirect && { 'innkeep-as-of': freshness.asOf.toISOString() }),
    };
    const bytes = Buffer.from(JSON.stringify(wanted));
    const facts = { etag, position: freshness.position, tags, headers };
    const told = { ...facts, route: request.routeOptions.url!, family: cache.family.name, body: bytes };
    const isLate = isLateFor(request);
    const { isPurgePending } = freshness;
    const answer = keptAnswer(this.edge, told, { isPurgePending, isLate, secondsLeft });
    // Kept before it is sent, so that what it is compressed to for sending can be kept with it.
    if (request.cacheKey && request.loadTicket && !isPurgePending) {
      const { organizationId } = caller.principal;
      const usual = isLate ? keptAnswer(this.edge, told) : answer;
      this.tiers.store(organizationId, request.cacheKey, usual, request.loadTicket, cache.family.edgeSeconds * 1_000);
    }
    request.loaded?.(answer);
    reply.header('cache-status', 'innkeep-memory; fwd=uri-miss');
    this.send(
      request,
      reply,
      bytes,
      etag,
      answer.headersFor(!isOwn && this.isPartitioned(request.headers[PARTITION_HEADER], caller)),
    );
  }

  /** An answer that another request or process has read. */
  kept(request: FastifyRequest, reply: FastifyReply, answer: CachedAnswer, from: 'memory' | 'redis'): void {
    reply.header('cache-status', `innkeep-${from}; hit`);
    const headers = answer.headersFor(this.isPartitioned(request.headers[PARTITION_HEADER], callerOf(request)));
    this.send(request, reply, answer.body, answer.etag, headers);
  }

  /** Whether an edge asks that keeps what it is given under this caller's partition. */
  isPartitioned(shown: string | string[] | undefined, caller: Caller): boolean {
    return this.partitions?.isShown(shown, caller) ?? false;
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
