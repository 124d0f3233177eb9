import { PlatformModule, apiProviders, commandHandlers, featureProviders, features } from '@innkeep/assembly';
import { SignInAttempts, signInEnvironment } from '@innkeep/platform/http';
import { SecretKeys } from '@innkeep/platform/security';
import { createLogger } from '@innkeep/platform/telemetry';
import { type TestDatabase, testMasterKeys, testRedis } from '@innkeep/testing';
import { CqrsModule } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import { Redis } from 'ioredis';

/** All commands of the product on a database, without the HTTP server in front. To be closed. */
export async function openCommandApp(database: TestDatabase, name: string): Promise<TestingModule> {
  const environment = {
    DATABASE_URL: database.urlFor('api'),
    DATABASE_POOL_SIZE: 4,
    DATABASE_WAIT_MS: 60_000,
    DATABASE_PREPARED_STATEMENTS: 'on' as const,
    REDIS_URL: testRedis().state,
    MASTER_KEYS: testMasterKeys,
    LOG_LEVEL: 'silent' as const,
  };
  const app = await Test.createTestingModule({
    imports: [PlatformModule.forApp('api', environment, createLogger(name, 'silent')), CqrsModule.forRoot()],
    providers: [
      { provide: SecretKeys, useValue: new SecretKeys(name) },
      {
        provide: SignInAttempts,
        inject: [Redis],
        useFactory: (redis: Redis) => new SignInAttempts(redis, signInEnvironment.parse({})),
      },
      ...featureProviders(features),
      ...apiProviders(features),
      ...commandHandlers(features),
    ],
  }).compile();
  await app.init();
  return app;
}
