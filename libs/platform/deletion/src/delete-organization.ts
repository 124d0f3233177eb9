import type { Directory } from '@innkeep/platform/database';
import type { Pool } from 'pg';
import type { DeletionAsk } from './deletion-asks';

/** What a deletion is done with. */
export interface Deletion {
  /** Of the shard that holds the organization. */
  readonly pool: Pool;
  readonly directory: Directory;
  /** Removes what is kept of the organization outside the database. May be called again. */
  removeFiles(organizationId: number): Promise<void>;
  /** The most rows that one transaction removes. */
  readonly chunk?: number;
}

const CHUNK = 1_000;

/**
 * Removes all that there is of an organization, in the order in which rows refer to each other, a few rows in each transaction. May be
 * killed anywhere and run twice at once. Answers how many rows went; nothing if the projector has not taken all its events yet: what
 * it would fold later would come back.
 */
export async function deleteOrganization(deletion: Deletion, ask: DeletionAsk): Promise<number | undefined> {
  const { pool, directory, removeFiles, chunk = CHUNK } = deletion;
  const { bucket, organizationId } = ask;
  const key = [bucket, organizationId];
  const { rows } = await pool.query<{ is_followed: boolean }>(
    'select deletion.is_followed($1, $2) as is_followed',
    key,
  );
  if (!rows[0]!.is_followed) return undefined;
  const { rows: tables } = await pool.query<{ name: string }>('select name from deletion.tables() order by step');
  // Events first: what follows the log has nothing to fold any more when the rows go that it was folded into.
  let gone = await repeat(pool, 'select deletion.forget_events($1, $2, $3) as count', [...key, chunk]);
  for (const { name } of tables)
    gone += await repeat(pool, 'select deletion.delete_rows($1, $2, $3, $4) as count', [...key, name, chunk]);
  await removeFiles(organizationId);
  await directory.forgetOrganization(organizationId);
  await pool.query('select deletion.finish($1, $2)', key);
  return gone;
}

/** Each statement is a transaction of its own; what one has removed is removed. */
async function repeat(pool: Pool, text: string, values: readonly unknown[]): Promise<number> {
  let total = 0;
  for (;;) {
    const { rows } = await pool.query<{ count: number }>(text, [...values]);
    const { count } = rows[0]!;
    total += count;
    if (count === 0) return total;
  }
}
