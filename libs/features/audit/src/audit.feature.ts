import { defineFeature } from '@innkeep/platform/feature';
import { AuditController } from './audit.controllers';
import { auditMigrations } from './audit.migrations';
import { entries } from './entries/entries.projection';
import { GetVerificationHandler } from './get-verification/get-verification.query';
import { ListEntriesHandler } from './list-entries/list-entries.query';

const inTheLog = 'the same is in events.log, under the version';

export const auditing = defineFeature({
  name: 'audit',
  migrations: auditMigrations,
  queries: [ListEntriesHandler, GetVerificationHandler],
  controllers: [AuditController],
  projections: [entries],
  exported: {
    tables: [
      {
        table: 'audit.entries',
        columns: ['version', 'entity_type', { name: 'hash', as: `encode(hash, 'hex')` }],
        withheld: {
          recorded_at: inTheLog,
          type: inTheLog,
          schema_version: inTheLog,
          property_id: inTheLog,
          entity_id: inTheLog,
          actor_id: inTheLog,
          request_id: inTheLog,
          data: inTheLog,
        },
        key: ['version'],
      },
    ],
  },
});
