import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AnswerTiers } from '@innkeep/platform/cache';
import { type Logger, type RequestMetrics, measureRequests } from '@innkeep/platform/telemetry';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Answers } from './answers';
import { type Credentials, authenticate } from './authentication';
import { closeAsTheyFinish } from './closing';
import { Compression, compressAnswers } from './compression';
import { CrossOrigin } from './cross-origin';
import { guardHeaders, guardInput, refuseOtherCodings } from './input-guard';
import { answerFromMemory } from './kept-answers';
import { learnOfferedMethods } from './offered-methods';
import { type OperatorListener, hideFromPublic } from './operator-surface';
import { shedLoad } from './pressure';
import { sendProblem } from './problem-document';
import { requestLogger } from './request-logger';
import { REQUEST_ID } from './request-state';
import type { RoutePermissions } from './route-permissions';
import { STREAM_DEADLINE_MS, endSlowBodies, takeStreams } from './streamed-bodies';
import { addSecurityHeaders, securityHeaders } from './security-headers';
import { sayTiming } from './server-timing';
import { readFields } from './sparse-answers';
import { answerUnreadable } from './unreadable-requests';
import { serveUnversionedPaths } from './unversioned-paths';

export interface ServerSettings extends Credentials {
  readonly logger: Logger;
  readonly tiers: AnswerTiers;
  readonly answers: Answers;
  readonly metrics: RequestMetrics;
  /** Told of every route, for those who ask what they may call. */
  readonly permissions?: RoutePermissions;
  /** Origins whose pages may call, such as `https://app.example.com`. */
  readonly origins?: readonly string[];
  /** Addresses or networks of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  /** Where operators come in; without it, where everybody does. */
  readonly operators?: OperatorListener;
  /** Requests are turned away while timers are later than this, in milliseconds. */
  readonly maxEventLoopDelayMs?: number;
}

const MAX_EVENT_LOOP_DELAY_MS = 500;

/** JSON bodies; bulk and upload routes raise it for themselves. */
const BODY_LIMIT = 256 * 1024;

/** Nest would put an error handler of its own over ours, to tell the same problems by a longer way. */
class Adapter extends FastifyAdapter {
  override setErrorHandler(): ReturnType<FastifyAdapter['setErrorHandler']> {
    return this.getInstance();
  }
}

/**
 * The HTTP server: Fastify with limits on everything a client can be slow or large with, answers from memory before it, and our
 * hooks in the order in which any other request meets them: request id, who calls, the strict parser. Answers from memory are
 * counted and not logged line by line.
 */
export function createServer(settings: ServerSettings): FastifyAdapter {
  const { logger, metrics } = settings;
  const crossOrigin = new CrossOrigin(settings.origins ?? []);
  const compression = new Compression(settings.tiers.memory);
  const adapter = new Adapter({
    loggerInstance: logger,
    childLoggerFactory: requestLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: BODY_LIMIT,
    // All of a request has to be there by then, give or take the interval at which that is looked at; most of them sooner.
    requestTimeout: STREAM_DEADLINE_MS,
    connectionTimeout: 30_000,
    keepAliveTimeout: 65_000,
    http: {
      headersTimeout: 5_000,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: 16 * 1024,
      requireHostHeader: false,
    },
    // What goes wrong before a route is found would else be told in the framework's own words.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      reply.headers({ ...securityHeaders, 'x-request-id': request.id });
      sendProblem(error, request, reply);
    },
    clientErrorHandler: answerUnreadable(logger),
    trustProxy: settings.trustedProxies?.length ? [...settings.trustedProxies] : false,
    routerOptions: { maxParamLength: 200 },
    genReqId: (request: IncomingMessage) => {
      const given = String(request.headers['x-request-id'] ?? '');
      return REQUEST_ID.test(given) ? given : randomUUID();
    },
  });
  const server = adapter.getInstance() as unknown as FastifyInstance;
  // Also for what is not Nest's: the documentation, the pages of problems.
  server.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  closeAsTheyFinish(server);
  learnOfferedMethods(server);
  server.decorateRequest('startedAt', 0);
  server.decorateRequest('minPosition', 0);
  server.addHook('onRoute', (route) => {
    const rules = route.config?.rules;
    if (/^\/(v\d+|finance|staff)\//.test(route.url) && !rules)
      throw new Error(`${String(route.method)} ${route.url} declares no rules: add @Route`);
    if (rules && rules.allow !== 'public' && rules.allow !== 'operator') settings.apiKeys.offer(route.url);
    if (rules) settings.permissions?.offer(route.method, route.url, rules);
    if (rules?.bodyLimit) route.bodyLimit = rules.bodyLimit;
  });
  server.addHook('onRequest', (request, reply, done) => {
    request.startedAt = performance.now();
    reply.header('x-request-id', request.id);
    done();
  });
  endSlowBodies(server);
  refuseOtherCodings(server);
  compressAnswers(server, compression);
  sayTiming(server);
  addSecurityHeaders(server);
  crossOrigin.serve(server);
  guardHeaders(server);
  hideFromPublic(server, settings.operators);
  authenticate(server, settings);
  answerFromMemory(server, { ...settings, crossOrigin, compression });
  serveUnversionedPaths(server);
  readFields(server);
  guardInput(server);
  takeStreams(server);
  shedLoad(server, settings.maxEventLoopDelayMs ?? MAX_EVENT_LOOP_DELAY_MS);
  measureRequests(server, metrics);
  server.addHook('onResponse', (request, reply, done) => {
    if (request.routeOptions.config.rules) {
      request.log.info(
        {
          method: request.method,
          route: request.routeOptions.url,
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          organizationId: request.caller?.principal.organizationId,
        },
        'request',
      );
    }
    done();
  });
  return adapter;
}
