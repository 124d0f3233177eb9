import { defineFeature } from '@innkeep/platform/feature';
import { SystemCacheController } from './cache.controllers';
import { SystemController } from './operations.controllers';
import { operationsMigrations } from './operations.migrations';
import { SignInOperatorHandler } from './sign-in-operator/sign-in-operator.query';
import { SystemStatus } from './system-status.query';

export const operations = defineFeature({
  name: 'operations',
  migrations: operationsMigrations,
  queries: [SignInOperatorHandler],
  controllers: [SystemController, SystemCacheController],
  httpProviders: [SystemStatus],
});
