import { sqlMigration } from '@innkeep/platform/database';

/** What leave that there is already accrues by is what it always was. */
export const leaveAccrual = sqlMigration(
  1763711003000,
  'let-leave-accrue',
  `
alter table staff.leave_types
  add column accrual text not null default 'yearly' check (accrual in ('yearly', 'monthly'));
`,
);
