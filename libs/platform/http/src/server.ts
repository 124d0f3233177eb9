import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AnswerCache } from '@innkeep/platform/cache';
import { type Logger, type RequestMetrics, measureRequests } from '@innkeep/platform/telemetry';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyInstance, LogController } from 'fastify';
import { type Credentials, authenticate } from './authentication';
import { guardInput } from './input-guard';
import { answerFromMemory } from './kept-answers';
import { learnOfferedMethods } from './offered-methods';
import { sendProblem } from './problem-document';
import { requestLogger } from './request-logger';
import { REQUEST_ID } from './request-state';
import { answerUnreadable } from './unreadable-requests';

export interface ServerSettings extends Credentials {
  readonly logger: Logger;
  readonly cache: AnswerCache;
  readonly metrics: RequestMetrics;
}

/** JSON bodies; bulk and upload routes raise it for themselves. */
const BODY_LIMIT = 256 * 1024;

/**
 * The HTTP server: Fastify with limits on everything a client can be slow or large with, answers from memory before it, and our
 * hooks in the order in which any other request meets them: request id, who calls, the strict parser. Answers from memory are
 * counted and not logged line by line.
 */
export function createServer({ logger, cache, metrics, ...credentials }: ServerSettings): FastifyAdapter {
  const adapter = new FastifyAdapter({
    loggerInstance: logger,
    childLoggerFactory: requestLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    connectionTimeout: 30_000,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 16 * 1024 },
    // What goes wrong before a route is found would else be told in the framework's own words.
    frameworkErrors: sendProblem,
    clientErrorHandler: answerUnreadable(logger),
    routerOptions: { maxParamLength: 200 },
    genReqId: (request: IncomingMessage) => {
      const given = String(request.headers['x-request-id'] ?? '');
      return REQUEST_ID.test(given) ? given : randomUUID();
    },
  });
  const server = adapter.getInstance() as unknown as FastifyInstance;
  learnOfferedMethods(server);
  server.decorateRequest('startedAt', 0);
  server.decorateRequest('minPosition', 0);
  server.addHook('onRoute', (route) => {
    const rules = route.config?.rules;
    if (/^\/(v\d+|finance|staff)\//.test(route.url) && !rules)
      throw new Error(`${String(route.method)} ${route.url} declares no rules: add @Route`);
    if (rules && rules.allow !== 'public' && rules.allow !== 'operator') credentials.apiKeys.offer(route.url);
    if (rules?.bodyLimit) route.bodyLimit = rules.bodyLimit;
  });
  server.addHook('onRequest', (request, reply, done) => {
    request.startedAt = performance.now();
    reply.header('x-request-id', request.id);
    done();
  });
  authenticate(server, credentials);
  answerFromMemory(server, { ...credentials, cache, metrics });
  guardInput(server);
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
