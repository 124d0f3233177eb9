import { type OrganizationTransaction, sql } from '@innkeep/platform/database';

/** The address to write to a user at, or undefined if there is nobody to write to. Read as the worker, which sees no more of a user. */
export async function findRecipient(transaction: OrganizationTransaction, userId: number): Promise<string | undefined> {
  const { bucket, organizationId } = transaction;
  const [row] = await transaction.query<{ email: string }>(sql`
    select email from identity.users
    where bucket = ${bucket} and organization_id = ${organizationId} and id = ${userId} and status = 'active'`);
  return row?.email;
}
