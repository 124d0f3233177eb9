import { type OrganizationTransaction, type Sql, sql } from '@innkeep/platform/database';
import type { Pool } from 'pg';

/** Asks for the deletion of all that an organization has, in the transaction that decides it. */
export const askDeletion = ({ bucket, organizationId }: OrganizationTransaction): Sql => sql`
  insert into deletion.asks (bucket, organization_id) values (${bucket}, ${organizationId}) on conflict do nothing`;

/** An organization whose deletion was asked for and is not done. */
export interface DeletionAsk {
  readonly bucket: number;
  readonly organizationId: number;
}

/** The asks of a shard, oldest first. */
export async function deletionAsks(pool: Pool, limit: number): Promise<DeletionAsk[]> {
  const { rows } = await pool.query<{ bucket: number; organization_id: string }>(
    'select bucket, organization_id from deletion.asked($1)',
    [limit],
  );
  return rows.map(({ bucket, organization_id }) => ({ bucket, organizationId: Number(organization_id) }));
}

/** How many rows each table has of an organization; tables that have none are left out. */
export async function countRows(
  pool: Pool,
  { bucket, organizationId }: DeletionAsk,
): Promise<{ table: string; rows: number }[]> {
  const { rows } = await pool.query<{ name: string; rows: string }>(
    'select name, rows from deletion.count_rows($1, $2)',
    [bucket, organizationId],
  );
  return rows.map(({ name, rows: count }) => ({ table: name, rows: Number(count) }));
}
