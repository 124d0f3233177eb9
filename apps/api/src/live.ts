import type { Directory, Shards } from '@innkeep/platform/database';
import type { Revocations } from '@innkeep/platform/http';
import { Live, type Stream } from '@innkeep/platform/realtime';
import type { Logger } from '@innkeep/platform/telemetry';
import type { Redis } from 'ioredis';
import type { ApiEnvironment } from './environment';

interface Around {
  readonly directory: Directory;
  readonly shards: Shards;
  readonly redis: Redis;
  readonly listening: Redis;
  readonly revocations: Revocations;
}

/** The live part of this process. Tells by one line what became of each stream. */
export function liveFor(environment: ApiEnvironment, logger: Logger, around: Around): Live {
  return new Live({
    ...around,
    limits: environment,
    failed: (error, during) => logger.error({ err: error, during }, 'the live part failed and tries again'),
    ended: ({ id, reason, deliveries, client, choice, listener: { principal } }: Stream, milliseconds) => {
      const { organizationId, userId } = principal;
      const told = { streamId: id, reason, ms: Math.round(milliseconds), deliveries };
      logger.info({ ...told, organizationId, userId, propertyIds: choice.propertyIds, ...client }, 'stream ended');
    },
  });
}
