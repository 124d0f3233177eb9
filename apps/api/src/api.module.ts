import {
  PlatformModule,
  apiProviders,
  checkFeatures,
  commandHandlers,
  databaseProbe,
  featureProviders,
  features,
  lagProbe,
  queryHandlers,
  redisProbe,
} from '@innkeep/assembly';
import type { LiveService } from '@innkeep/contracts';
import { CacheWarmer } from '@innkeep/platform/cache';
import { Directory, Shards } from '@innkeep/platform/database';
import { AssetSettings } from '@innkeep/features/documents';
import { EdgeHeaders } from '@innkeep/platform/edge';
import { FileStorage, SignedLinks, storageFrom } from '@innkeep/platform/files';
import {
  AccessTokens,
  Answers,
  ApiKeys,
  Cursors,
  ProblemFilter,
  RateLimitGuard,
  type RequestQuotas,
  type Revocations,
  RoutePermissions,
  SignInAttempts,
  TokenBuckets,
  throttlers,
  validationPipe,
} from '@innkeep/platform/http';
import { Live, RealtimeController, Tickets, pollingOf } from '@innkeep/platform/realtime';
import { SecretKeys } from '@innkeep/platform/security';
import { HealthModule, type Logger } from '@innkeep/platform/telemetry';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { ThrottlerModule } from '@nestjs/throttler';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Redis } from 'ioredis';
import type { ApiEnvironment } from './environment';
import { liveFor } from './live';

/** What the server needs before the framework starts, because its hooks answer without it. */
export interface ApiParts {
  readonly tokens: AccessTokens;
  readonly answers: Answers;
  readonly apiKeys: ApiKeys;
  readonly quotas: RequestQuotas;
  readonly permissions: RoutePermissions;
  readonly warmer: CacheWarmer;
  readonly edge: EdgeHeaders;
  readonly revocations: Revocations;
  /** The connection to Redis that only listens. */
  readonly listening: Redis;
}

/** Areas that can be asked again and again what has happened, and what is told there. Figures change with what they are made of. */
const polled: Readonly<Record<string, readonly LiveService[]>> = {
  finance: ['finance'],
  properties: ['properties'],
  tasks: ['tasks'],
  'guest-checkin': ['guest-checkin'],
  staff: ['staff'],
  analytics: ['finance', 'guest-checkin', 'properties'],
};

@Module({})
export class ApiModule {
  static assemble(environment: ApiEnvironment, logger: Logger, parts: ApiParts): DynamicModule {
    checkFeatures(features);
    const { tokens, answers, apiKeys, warmer } = parts;
    const { SERVES: serves } = environment;
    return {
      module: ApiModule,
      imports: [
        PlatformModule.forApp('api', environment, logger),
        CqrsModule.forRoot(),
        PrometheusModule.register({ defaultMetrics: { enabled: true } }),
        ThrottlerModule.forRootAsync({
          inject: [Redis],
          useFactory: (redis: Redis) => throttlers(environment, new TokenBuckets(redis), parts.quotas),
        }),
        HealthModule.forProbes([Shards, Redis], (shards: Shards, redis: Redis) => ({
          required: [databaseProbe(shards)],
          degraded: [redisProbe(redis), lagProbe(shards)],
        })),
      ],
      controllers: [
        ...(serves === 'live' ? [] : features.flatMap((feature) => [...(feature.controllers ?? [])])),
        ...(serves === 'requests'
          ? []
          : [RealtimeController, ...Object.entries(polled).map(([area, services]) => pollingOf(area, services))]),
      ],
      providers: [
        { provide: AccessTokens, useValue: tokens },
        { provide: ApiKeys, useValue: apiKeys },
        { provide: RoutePermissions, useValue: parts.permissions },
        { provide: Answers, useValue: answers },
        { provide: CacheWarmer, useValue: warmer },
        {
          provide: Live,
          inject: [Directory, Shards, Redis],
          useFactory: (directory: Directory, shards: Shards, redis: Redis) =>
            liveFor(environment, logger, { ...parts, directory, shards, redis }),
        },
        { provide: Tickets, inject: [Redis], useFactory: (redis: Redis) => new Tickets(redis) },
        { provide: Cursors, useValue: new Cursors(environment.TOKEN_SECRET) },
        { provide: FileStorage, useFactory: () => storageFrom(environment) },
        { provide: SecretKeys, useValue: new SecretKeys(environment.TOKEN_SECRET) },
        { provide: SignedLinks, inject: [SecretKeys], useFactory: (keys: SecretKeys) => new SignedLinks(keys) },
        { provide: EdgeHeaders, useValue: parts.edge },
        { provide: AssetSettings, useValue: new AssetSettings(environment.ASSET_MAX_AGE_DAYS) },
        {
          provide: SignInAttempts,
          inject: [Redis],
          useFactory: (redis: Redis) => new SignInAttempts(redis, environment),
        },
        { provide: APP_PIPE, useFactory: validationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        ...featureProviders(features),
        ...apiProviders(features),
        ...features.flatMap((feature) => [...(feature.httpProviders ?? [])]),
        ...commandHandlers(features),
        ...queryHandlers(features),
      ],
    };
  }
}
