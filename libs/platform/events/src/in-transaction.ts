import { sendTogether } from '@innkeep/platform/database';
import type { PoolClient } from 'pg';

/** Does some work in a transaction of its own; if it fails nothing of it is left. */
export async function inTransaction<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  try {
    sendTogether(client);
    // Sent ahead of the work's own statements, not waited for; but its failure has to be heard.
    const [, result] = await Promise.all([client.query('begin'), work()]);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
