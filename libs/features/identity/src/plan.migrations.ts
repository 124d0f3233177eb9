import { sqlMigration } from '@innkeep/platform/database';

/** Plans of organizations. What each has room for stands in the code. */
export const planMigrations = [
  sqlMigration(
    1763711001010,
    'add-plans',
    `
alter table identity.organizations
  add plan text not null default 'standard' check (plan in ('free', 'standard', 'business', 'enterprise'));
grant select (plan) on identity.organizations to innkeep_worker;
`,
  ),
];
