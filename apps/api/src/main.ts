import 'reflect-metadata';
import { orExit } from '@innkeep/assembly';
import { followInvalidations } from '@innkeep/platform/cache';
import { readEnvironment } from '@innkeep/platform/config';
import { Directory, Shards } from '@innkeep/platform/database';
import { EdgeState, WatchedEdgeLimits } from '@innkeep/platform/edge';
import {
  AccessTokens,
  ApiKeySource,
  ApiKeys,
  RequestQuotaSource,
  RequestQuotas,
  Revocations,
  RoutePermissions,
  SignInAttempts,
  createServer,
  serveEdgeContext,
} from '@innkeep/platform/http';
import { connectRedisListener } from '@innkeep/platform/jobs';
import { Live, Tickets } from '@innkeep/platform/realtime';
import { NestLogger, RequestMetrics, createLogger } from '@innkeep/platform/telemetry';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { register } from 'prom-client';
import { buildAnswers } from './answer-tiers';
import { ApiModule } from './api.module';
import { serveDocumentation } from './documentation';
import { apiEnvironment } from './environment';
import { serveExamples } from './examples';
import { refuseLegacyEvents } from './legacy-events';
import { serveProblemPages } from './problem-pages';
import { serveQueueDashboard } from './queue-dashboard';
import { cacheWarmer, keepWarm } from './warming';

async function main(): Promise<void> {
  const environment = readEnvironment(apiEnvironment);
  const logger = createLogger('api', environment.LOG_LEVEL);
  const edgeLimits = new WatchedEdgeLimits();
  const { memory, tiers, hot, edge, partitions, answers, redis } = buildAnswers(environment, edgeLimits);
  const tokens = await AccessTokens.fromJson(environment.SIGNING_KEYS);
  const listener = connectRedisListener(environment.REDIS_URL);
  followInvalidations(listener, memory);

  const listening = connectRedisListener(environment.REDIS_URL);
  const revocations = new Revocations();
  const apiKeys = new ApiKeys();
  const quotas = new RequestQuotas();
  const permissions = new RoutePermissions();

  const metrics = new RequestMetrics(register);
  const adapter = createServer({
    logger,
    tiers,
    answers,
    tokens,
    apiKeys,
    permissions,
    revocations,
    metrics,
    redeemTicket: (ticket) => app.get(Tickets).redeem(ticket),
    origins: environment.CORS_ORIGINS,
    trustedProxies: environment.TRUSTED_PROXIES,
    operators:
      environment.OPERATOR_PORT === 'off'
        ? undefined
        : { port: environment.OPERATOR_PORT, host: environment.OPERATOR_HOST },
    maxEventLoopDelayMs: environment.MAX_EVENT_LOOP_DELAY_MS,
  });
  const server = adapter.getInstance() as unknown as FastifyInstance;
  const warmer = cacheWarmer(server, tokens, hot);
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.assemble(environment, logger, {
      tokens,
      answers,
      apiKeys,
      quotas,
      permissions,
      warmer,
      edge,
      revocations,
      listening,
    }),
    adapter,
    {
      logger: new NestLogger(logger),
      bodyParser: false,
      abortOnError: false,
    },
  );
  // With an exit code of 0: by itself Nest ends by the signal again, which looks like a failure to who sent it.
  app.enableShutdownHooks([], { useProcessExit: true });
  revocations.follow(app.get(Shards));
  apiKeys.answerFrom(app.get(ApiKeySource));
  quotas.answerFrom(app.get(RequestQuotaSource));
  await edgeLimits.watch(app.get(EdgeState));
  const live = app.get(Live);
  live.start();
  server.addHook('preClose', () => live.drain());
  server.addHook('onClose', async () => {
    live.stop();
    listening.disconnect();
    listener.disconnect();
    redis.disconnect();
    revocations.stop();
    edgeLimits.stop();
    await apiKeys.stop();
  });
  serveDocumentation(app);
  serveProblemPages(server);
  serveEdgeContext(server, { edge, partitions, revocations });
  if (environment.SERVES !== 'requests') serveExamples(server);
  if (environment.LEGACY_EVENTS === 'off') refuseLegacyEvents(server);
  await serveQueueDashboard(server, environment.REDIS_URL, app.get(Directory), app.get(SignInAttempts));
  keepWarm(server, warmer, hot, logger);
  await app.listen(environment.PORT, environment.HOST);
  logger.info({ url: await app.getUrl() }, 'listening');
}

orExit(main());
