import { systemPrincipal } from '@innkeep/contracts';
import { type UnitOfWork, sql } from '@innkeep/platform/database';
import { askDeletion } from '@innkeep/platform/deletion';
import type { Pool } from 'pg';

/** Organizations that were closed before a moment, those that wait longest first. */
export async function closedBefore(pool: Pool, moment: Date, limit: number): Promise<number[]> {
  const { rows } = await pool.query<{ id: string }>('select identity.closed_before($1, $2) as id', [moment, limit]);
  return rows.map(({ id }) => Number(id));
}

/**
 * Begins the deletion of an organization that was closed before a moment and not opened again since: from here on it cannot be. Answers
 * whether it has begun, now or earlier.
 */
export async function beginDeletion(unitOfWork: UnitOfWork, organizationId: number, moment: Date): Promise<boolean> {
  const principal = systemPrincipal(organizationId);
  const { result } = await unitOfWork.run({ principal, requestId: 'begin-deletion' }, async (transaction) => {
    const { bucket } = transaction;
    // Locked: whoever opens the organization again comes before this, and is seen, or after it, and is refused.
    const [row] = await transaction.query<{ status: string; isOver: boolean }>(sql`
      select status, closed_at < ${moment} as "isOver" from identity.organizations
      where bucket = ${bucket} and organization_id = ${organizationId} for no key update`);
    if (row?.status === 'deleted') return true;
    if (row?.status !== 'closed' || !row.isOver) return false;
    transaction.write(sql`
      update identity.organizations set status = 'deleted' where bucket = ${bucket} and organization_id = ${organizationId}`);
    transaction.write(askDeletion(transaction));
    return true;
  });
  return result!;
}
