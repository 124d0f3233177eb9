import { type OrganizationTransaction, type Sql, sql } from '@innkeep/platform/database';

/**
 * Who writes to a user and who erases that user take turns, to the end of their transactions: a mail that is being composed leaves
 * no token behind an erasure. An advisory lock, because the worker may read users and lock none of their rows.
 */
export const recipientLock = ({ organizationId }: OrganizationTransaction, userId: number): Sql =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`recipient:${organizationId}:${userId}`}, 0))`;

/** The address to write to a user at, or undefined if there is nobody to write to. Read as the worker, which sees no more of a user. */
export async function findRecipient(transaction: OrganizationTransaction, userId: number): Promise<string | undefined> {
  const { bucket, organizationId } = transaction;
  await transaction.query(recipientLock(transaction, userId));
  const [row] = await transaction.query<{ email: string }>(sql`
    select email from identity.users
    where bucket = ${bucket} and organization_id = ${organizationId} and id = ${userId} and status = 'active'`);
  return row?.email;
}
