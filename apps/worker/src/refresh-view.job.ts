import type { Shards } from '@innkeep/platform/database';
import type { OperationsView } from '@innkeep/platform/feature';
import type { Pool } from 'pg';

/**
 * What became of a refresh: done, left to somebody who is at it, or put off, because a pause of ten times as long as the last one
 * took is not over.
 */
export interface Refresh {
  readonly outcome: 'refreshed' | 'running' | 'early';
  /** How long the pause lasts still. */
  readonly waitSeconds: number;
}

/** Tells the database which views there are and how often they are meant to be refreshed, so that it can say which are overdue. */
export async function declareViews(shards: Shards, views: readonly OperationsView[]): Promise<void> {
  for (const { pool } of shards.all)
    await pool.query('select operations.declare_views($1, $2)', [
      views.map(({ name }) => name),
      views.map(({ everySeconds }) => everySeconds),
    ]);
}

/**
 * Refreshes a view on every shard. Two refreshes of one view never run at once, in whichever workers: a lock of the database makes
 * the second one pass. Answers with the longest pause that a shard still needs.
 */
export async function refreshView(shards: Shards, name: string): Promise<Refresh> {
  const refreshes = [];
  for (const { pool } of shards.all) refreshes.push(await refreshOn(pool, name));
  const rank = ({ outcome, waitSeconds }: Refresh) =>
    outcome === 'early' ? 1 + waitSeconds : outcome === 'running' ? 1 : 0;
  return refreshes.reduce((worst, one) => (rank(one) > rank(worst) ? one : worst));
}

async function refreshOn(pool: Pool, name: string): Promise<Refresh> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('begin');
    // A full refresh may take longer than what a user would wait for.
    await client.query('set local statement_timeout = 0');
    const { rows } = await client.query<Refresh>(
      'select outcome, coalesce(wait_seconds, 0) as "waitSeconds" from operations.refresh_view($1)',
      [name],
    );
    await client.query('commit');
    return rows[0]!;
  } catch (error) {
    await client.query('rollback').catch((lost: Error) => (failure = lost));
    throw error;
  } finally {
    client.release(failure);
  }
}
