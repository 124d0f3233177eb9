import { PlatformModule, checkFeatures, databaseProbe, features, redisProbe } from '@innkeep/assembly';
import { Shards } from '@innkeep/platform/database';
import { HealthModule, type Logger } from '@innkeep/platform/telemetry';
import { type DynamicModule, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Redis } from 'ioredis';
import type { WorkerEnvironment } from './environment';
import { viewsProbe } from './views';
import { ENVIRONMENT, WorkerService } from './worker.service';

@Module({})
export class WorkerModule {
  static assemble(environment: WorkerEnvironment, logger: Logger): DynamicModule {
    checkFeatures(features);
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.forApp('worker', environment, logger),
        PrometheusModule.register(),
        HealthModule.forProbes([Shards, Redis], (shards: Shards, redis: Redis) => ({
          required: [databaseProbe(shards)],
          degraded: [redisProbe(redis), viewsProbe(shards)],
        })),
      ],
      providers: [{ provide: ENVIRONMENT, useValue: environment }, WorkerService],
    };
  }
}
