import type { Shards } from '@innkeep/platform/database';
import type { OperationsView } from '@innkeep/platform/feature';

/** Refreshes a view on every shard. Two refreshes of one view never run at once: the database's own lock makes the second one skip. */
export async function refreshView(shards: Shards, view: OperationsView): Promise<void> {
  for (const shard of shards.all) {
    const client = await shard.pool.connect();
    try {
      await client.query('begin');
      // A full refresh may take longer than what a user would wait for.
      await client.query('set local statement_timeout = 0');
      await client.query('select operations.refresh_view($1)', [view.name]);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }
}
