import { PurgeRequested, type RecordedEvent, type Tag } from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { SystemCacheController } from './cache.controllers';
import { GetPurgeProgressHandler } from './await-purge/get-purge-progress.query';
import { PurgeAnswers } from './await-purge/purge-answers.service';
import { ListAllPurgesHandler } from './list-all-purges/list-all-purges.query';
import { OperatedPurgesController } from './operated-purges.controllers';
import { PurgesController } from './purges.controllers';
import { GetCdnStatusHandler } from './get-cdn-status/get-cdn-status.query';
import { ListPurgesHandler } from './list-purges/list-purges.query';
import { SystemController } from './operations.controllers';
import { operationsMigrations } from './operations.migrations';
import { RequestPurgeHandler } from './request-purge/request-purge.handler';
import { SignInOperatorHandler } from './sign-in-operator/sign-in-operator.query';
import { SystemStatus } from './system-status.query';

/** The tags stand in the event: whoever asked was found to have a right to them before it was recorded. */
const touchesTags = ({ data }: RecordedEvent<string, { tags: Tag[] }>) => data.tags;

export const operations = defineFeature({
  name: 'operations',
  migrations: operationsMigrations,
  commands: [RequestPurgeHandler],
  queries: [
    SignInOperatorHandler,
    ListPurgesHandler,
    ListAllPurgesHandler,
    GetPurgeProgressHandler,
    GetCdnStatusHandler,
  ],
  controllers: [SystemController, SystemCacheController, OperatedPurgesController, PurgesController],
  httpProviders: [SystemStatus, PurgeAnswers],
  touches: [touch(PurgeRequested, touchesTags)],
});
