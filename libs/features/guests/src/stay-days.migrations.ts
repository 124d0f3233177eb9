import { sqlMigration } from '@innkeep/platform/database';

/** Stays longer than any that is agreed on: whoever looks for what was there on early days need not look through what came later. */
export const longStays = sqlMigration(
  1763711003010,
  'find-long-stays-of-guests',
  `
create index stay_days_long on guests.stay_days (bucket, organization_id, property_id, (greatest(departs_on, departed_on)))
  where greatest(departs_on, departed_on) - least(arrives_on, arrived_on) > 400;
`,
);
