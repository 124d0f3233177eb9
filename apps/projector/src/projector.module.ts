import { PlatformModule, checkFeatures, databaseProbe, features, lagProbe, redisProbe } from '@innkeep/assembly';
import { Shards } from '@innkeep/platform/database';
import { HealthModule, type Logger } from '@innkeep/platform/telemetry';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Redis } from 'ioredis';
import type { ProjectorEnvironment } from './environment';
import { ENVIRONMENT, ProjectorService } from './projector.service';

@Global()
@Module({})
export class ProjectorModule {
  static assemble(environment: ProjectorEnvironment, logger: Logger): DynamicModule {
    checkFeatures(features);
    return {
      module: ProjectorModule,
      imports: [
        PlatformModule.forApp('projector', environment, logger),
        PrometheusModule.register(),
        HealthModule.forProbes(
          [Shards, Redis, ProjectorService],
          (shards: Shards, redis: Redis, projector: ProjectorService) => ({
            required: [databaseProbe(shards), projector.probe],
            degraded: [redisProbe(redis), lagProbe(shards)],
          }),
        ),
      ],
      providers: [{ provide: ENVIRONMENT, useValue: environment }, ProjectorService],
      exports: [ProjectorService],
    };
  }
}
