import { PlatformModule, checkFeatures, databaseProbe, features, redisProbe } from '@innkeep/assembly';
import { Shards } from '@innkeep/platform/database';
import { Mailbox, mailerFrom } from '@innkeep/platform/mail';
import { HealthModule, type Logger } from '@innkeep/platform/telemetry';
import { type DynamicModule, Module } from '@nestjs/common';
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
        PrometheusModule.register(),
        HealthModule.forProbes([Shards, Redis], (shards: Shards, redis: Redis) => ({
          required: [databaseProbe(shards)],
          degraded: [redisProbe(redis), viewsProbe(shards)],
        })),
      ],
      controllers: isMailbox ? [MailboxController] : [],
      providers: [
        { provide: ENVIRONMENT, useValue: environment },
        { provide: MAILER, useValue: mailer ?? null },
        ...(isMailbox ? [{ provide: Mailbox, useValue: mailer }] : []),
        WorkerService,
      ],
    };
  }
}
