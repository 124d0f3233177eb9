import type { OrganizationTransaction } from '@innkeep/platform/database';

/**
 * Has changes to one person's times take turns to the end of the unit of work: each looks at all the others, and two that look at once
 * would both find room. Of the person alone, so nobody waits for somebody else's.
 */
export async function lockPerson(unit: OrganizationTransaction, userId: number): Promise<void> {
  await unit.query(
    `select pg_advisory_xact_lock(hashtextextended('staff.person', $1::bigint * 1000003 + $2::bigint))`,
    [unit.organizationId, userId],
  );
}
