import {
  PlatformModule,
  checkFeatures,
  databaseProbe,
  featureProviders,
  features,
  redisProbe,
  timedHandlers,
} from '@innkeep/assembly';
import { Shards } from '@innkeep/platform/database';
import { FileStorage, storageFrom } from '@innkeep/platform/files';
import { Mailbox, mailerFrom } from '@innkeep/platform/mail';
import { HealthModule, type Logger } from '@innkeep/platform/telemetry';
import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Redis } from 'ioredis';
import type { WorkerEnvironment } from './environment';
import { MailboxController } from './mailbox.controllers';
import { viewsProbe } from './views';
import { ENVIRONMENT, MAILER, WorkerService } from './worker.service';

@Module({})
export class WorkerModule {
  static assemble(environment: WorkerEnvironment, logger: Logger): DynamicModule {
    checkFeatures(features);
    const mailer = mailerFrom(environment);
    const isMailbox = mailer instanceof Mailbox;
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.forApp('worker', environment, logger),
        CqrsModule.forRoot(),
        PrometheusModule.register(),
        HealthModule.forProbes([Shards, Redis], (shards: Shards, redis: Redis) => ({
          required: [databaseProbe(shards)],
          degraded: [redisProbe(redis), viewsProbe(shards)],
        })),
      ],
      controllers: isMailbox ? [MailboxController] : [],
      providers: [
        { provide: ENVIRONMENT, useValue: environment },
        { provide: FileStorage, useFactory: () => storageFrom(environment) },
        { provide: MAILER, useValue: mailer ?? null },
        ...(isMailbox ? [{ provide: Mailbox, useValue: mailer }] : []),
        ...featureProviders(features),
        ...timedHandlers(features),
        WorkerService,
      ],
    };
  }
}
