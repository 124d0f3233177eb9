import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AnswerTiers, CachedAnswer } from '@innkeep/platform/cache';
import { PARTITION_HEADER } from '@innkeep/platform/edge';
import type { RequestMetrics } from '@innkeep/platform/telemetry';
import type { FastifyInstance } from 'fastify';
import { type Answers, VARY } from './answers';
import { refusalOfScope } from './api-keys';
import { type Credentials, bearerOf, rememberedCaller } from './authentication';
import type { Compression } from './compression';
import type { CrossOrigin } from './cross-origin';
import type { Encoding } from './encoding';
import { invalidRequest } from './http.problems';
import { hasSingleHeaders } from './input-guard';
import { type Caller, NOBODY, REQUEST_ID } from './request-state';
import { type RouteCache, isPersonal } from './route';
import { securityHeaders } from './security-headers';
import { timingOfHit } from './server-timing';
import { matches } from './validators';

export interface KeptAnswersSettings extends Credentials {
  readonly tiers: AnswerTiers;
  readonly answers: Answers;
  readonly metrics: RequestMetrics;
  readonly crossOrigin: CrossOrigin;
  readonly compression: Compression;
}

/** The position a request asks for; undefined if what it sends is none. */
function minPositionOf(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return 0;
  return /^\d{1,15}$/.test(String(header)) ? Number(header) : undefined;
}

/** Refused further on, so nothing may answer it before. */
const bringsBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

const keyOf = (caller: Caller, url: string) => `${caller.partition} ${url}`;

/**
 * Answers from memory, before a route is looked for: a hit or a 304 costs what the bare server costs. Only a caller whose token was
 * verified before and has not ended since, and only by the key that holds that caller's partition, so whoever may not have the answer
 * does not find it. What is not answered here goes its usual way, and so does all that is wrong.
 */
export function answerFromMemory(server: FastifyInstance, settings: KeptAnswersSettings): void {
  const http = server.server as Server;
  const [route] = http.listeners('request') as [(request: IncomingMessage, response: ServerResponse) => void];
  let isClosing = false;
  server.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  http.removeListener('request', route);
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (isClosing || !answerKept(request, response, settings)) route(request, response);
  });
  lookFurther(server, settings);
}

function answerKept(request: IncomingMessage, response: ServerResponse, settings: KeptAnswersSettings): boolean {
  if (request.method !== 'GET' || bringsBody(request)) return false;
  const { tiers, revocations } = settings;
  const startedAt = performance.now();
  const { authorization, 'innkeep-min-position': wanted } = request.headers;
  const token = bearerOf(authorization);
  const caller = token && rememberedCaller(settings, token);
  const minPosition = minPositionOf(wanted);
  if (!caller || minPosition === undefined || !hasSingleHeaders(request)) return false;
  if (!revocations.isCurrent || revocations.refusalOf(caller.principal)) return false;
  const key = keyOf(caller, request.url!);
  const answer = tiers.find(key, minPosition);
  if (!answer || (caller.scopes && refusalOfScope(caller.scopes, 'GET', answer.route))) return false;
  const isUnchanged = matches(request.headers['if-none-match'], answer.etag);
  const hit: Hit = { request, response, answer, caller, startedAt, settings };
  if (isUnchanged) send(hit, 304);
  else sendBody(hit, key);
  return true;
}

interface Hit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly answer: CachedAnswer;
  readonly caller: Caller;
  readonly startedAt: number;
  readonly settings: KeptAnswersSettings;
}

/** Sends the body as the client likes it best. Who is the first to want it so waits until it is compressed. */
function sendBody(hit: Hit, key: string): void {
  const { request, answer, settings } = hit;
  const encoding = settings.compression.encodingFor(request.headers['accept-encoding'], answer.body.length);
  const kept = encoding ? answer.encoded?.[encoding] : answer.body;
  if (kept) return send(hit, 200, kept, encoding);
  settings.compression.compress(answer.body, encoding!, key).then(
    (compressed) => send(hit, 200, compressed, encoding),
    () => send(hit, 200, answer.body),
  );
}

function send(
  { request, response, answer, caller, startedAt, settings }: Hit,
  status: 200 | 304,
  body?: Buffer,
  encoding?: Encoding,
): void {
  const given = request.headers['x-request-id'];
  const headers: Record<string, string | number> = {
    'x-request-id': typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID(),
    ...settings.crossOrigin.headersFor(request.headers.origin),
    ...answer.headersFor(settings.answers.isPartitioned(request.headers[PARTITION_HEADER], caller)),
    etag: answer.etag,
    vary: VARY,
    'cache-status': 'innkeep-memory; hit',
    'server-timing': timingOfHit(startedAt),
  };
  // With 304 the client goes on with what it was sent before, these headers too (RFC 9110, 15.4.5).
  if (body) {
    Object.assign(headers, securityHeaders);
    headers['content-type'] = 'application/json; charset=utf-8';
    headers['content-length'] = body.length;
    if (encoding) headers['content-encoding'] = encoding;
  }
  response.writeHead(status, headers);
  response.end(body);
  settings.metrics.observe('GET', answer.route, status, (performance.now() - startedAt) / 1_000);
}

/**
 * Notes what a read asks for, and under which key and since when its answer may be kept; answers it from where others have left an
 * answer, or from what another request is just reading. Runs behind authentication.
 */
function lookFurther(server: FastifyInstance, { tiers, answers }: KeptAnswersSettings): void {
  server.addHook('onRequest', (request, reply, done) => {
    const minPosition = minPositionOf(request.headers['innkeep-min-position']);
    if (minPosition === undefined)
      return done(invalidRequest([{ pointer: 'Innkeep-Min-Position', detail: 'is a whole number' }]));
    request.minPosition = minPosition;
    const { caller, routeOptions } = request;
    const kept = routeOptions.config.rules?.cache;
    if (request.method !== 'GET' || bringsBody(request.raw) || !kept || kept.isTimed || !caller) return done();
    if (isPersonal(kept, caller.principal)) return done();
    const key = keyOf(caller, request.url);
    request.cacheKey = key;
    request.loadTicket = tiers.memory.begin();
    const { organizationId, role, properties } = caller.principal;
    if (isWorthNoting(kept, caller, request.query as object)) {
      tiers.hot?.read(key, { organizationId, role, properties, url: request.url });
    }
    const wanted = { organizationId, key, minPosition, route: routeOptions.url! };
    tiers.look(wanted).then((looked) => {
      if ('answer' in looked) return answers.kept(request, reply, looked.answer, looked.from);
      request.loaded = looked.done;
      // However this request ends, nobody is to wait for it any longer.
      reply.raw.once('close', () => looked.done());
      done();
    }, done);
  });
}

/** What is asked for to warm it is not looked at for that; and what holds a guest's name would be kept beyond the guest's erasure. */
const isWorthNoting = ({ personalParameters = [] }: RouteCache, { principal }: Caller, query: object): boolean =>
  principal.userId !== NOBODY && !personalParameters.some((name) => name in query);
