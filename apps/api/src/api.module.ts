import { join } from 'node:path';
import {
  PlatformModule,
  checkFeatures,
  commandHandlers,
  databaseProbe,
  featureProviders,
  features,
  lagProbe,
  queryHandlers,
  redisProbe,
} from '@innkeep/assembly';
import { CacheWarmer } from '@innkeep/platform/cache';
import { Shards } from '@innkeep/platform/database';
import { FileStorage, LocalFiles } from '@innkeep/platform/files';
import {
  AccessTokens,
  Answers,
  ApiKeys,
  Cursors,
  ProblemFilter,
  RateLimitGuard,
  SignInAttempts,
  TokenBuckets,
  throttlers,
  validationPipe,
} from '@innkeep/platform/http';
import { SecretKeys } from '@innkeep/platform/security';
import { HealthModule, type Logger } from '@innkeep/platform/telemetry';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { ThrottlerModule } from '@nestjs/throttler';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Redis } from 'ioredis';
import type { ApiEnvironment } from './environment';

/** What the server needs before the framework starts, because its hooks answer without it. */
export interface ApiParts {
  readonly tokens: AccessTokens;
  readonly answers: Answers;
  readonly apiKeys: ApiKeys;
  readonly warmer: CacheWarmer;
}

@Module({})
export class ApiModule {
  static assemble(
    environment: ApiEnvironment,
    logger: Logger,
    { tokens, answers, apiKeys, warmer }: ApiParts,
  ): DynamicModule {
    checkFeatures(features);
    return {
      module: ApiModule,
      imports: [
        PlatformModule.forApp('api', environment, logger),
        CqrsModule.forRoot(),
        PrometheusModule.register({ defaultMetrics: { enabled: true } }),
        ThrottlerModule.forRootAsync({
          inject: [Redis],
          useFactory: (redis: Redis) => throttlers(environment, new TokenBuckets(redis)),
        }),
        HealthModule.forProbes([Shards, Redis], (shards: Shards, redis: Redis) => ({
          required: [databaseProbe(shards)],
          degraded: [redisProbe(redis), lagProbe(shards)],
        })),
      ],
      controllers: features.flatMap((feature) => [...(feature.controllers ?? [])]),
      providers: [
        { provide: AccessTokens, useValue: tokens },
        { provide: ApiKeys, useValue: apiKeys },
        { provide: Answers, useValue: answers },
        { provide: CacheWarmer, useValue: warmer },
        { provide: Cursors, useValue: new Cursors(environment.TOKEN_SECRET) },
        { provide: FileStorage, useValue: new LocalFiles(join(environment.DATA_DIR, 'files')) },
        { provide: SecretKeys, useValue: new SecretKeys(environment.TOKEN_SECRET) },
        {
          provide: SignInAttempts,
          inject: [Redis],
          useFactory: (redis: Redis) => new SignInAttempts(redis, environment),
        },
        { provide: APP_PIPE, useFactory: validationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        ...featureProviders(features),
        ...features.flatMap((feature) => [...(feature.httpProviders ?? [])]),
        ...commandHandlers(features),
        ...queryHandlers(features),
      ],
    };
  }
}
