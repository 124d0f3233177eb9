import type { Pool } from 'pg';
import type { PurgeProvider } from './purge-provider';

interface DueAsk {
  bucket: number;
  organization_id: string;
  tag: string;
  generation: string;
  attempts: number;
}

/** Each purge is repeated after this: a read that began before the change may reach the edge later than the purge. In seconds. */
const REPEAT_SECONDS = 5;
/** How long a batch that was taken stays with its worker before another may take it. In seconds. */
const CLAIM_SECONDS = 10;
const MAX_BACKOFF_SECONDS = 30;

/**
 * Claims and confirmations need not be on the disk before the drain goes on: one that a crash undoes sends a purge again.
 */
async function relaxed<Row extends object>(pool: Pool, text: string, values: unknown[]): Promise<Row[]> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const [, { rows }] = await Promise.all([
      client.query('begin; set local synchronous_commit = off'),
      client.query<Row>(text, values),
      client.query('commit'),
    ]);
    return rows;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Takes a batch of due asks, oldest first. They are due again soon, in case this process ends before it confirms them. */
const takeDue = `
  with due as (
    select bucket, organization_id, provider, tag from edge.purge_asks
    where provider = $1 and due_at <= clock_timestamp() order by due_at limit $2 for update skip locked
  )
  update edge.purge_asks a set due_at = clock_timestamp() + make_interval(secs => ${CLAIM_SECONDS}), attempts = a.attempts + 1
  from due where (a.bucket, a.organization_id, a.provider, a.tag) = (due.bucket, due.organization_id, due.provider, due.tag)
  returning a.bucket, a.organization_id, a.tag, a.generation, a.attempts`;

const seen = `unnest($2::smallint[], $3::bigint[], $4::text[], $5::bigint[]) as seen(bucket, organization_id, tag, generation)`;
const isSeen = `a.provider = $1 and (a.bucket, a.organization_id, a.tag, a.generation) = (seen.bucket, seen.organization_id, seen.tag, seen.generation)`;

/** Confirms a purge: what was asked for again meanwhile has another generation and stays. */
const confirm = `
  with gone as (delete from edge.purge_asks a using ${seen} where ${isSeen} and a.repeats_left = 0 returning 1)
  update edge.purge_asks a set repeats_left = a.repeats_left - 1, attempts = 0, last_error = null,
    due_at = clock_timestamp() + make_interval(secs => ${REPEAT_SECONDS})
  from ${seen} where ${isSeen} and a.repeats_left > 0`;

const postpone = `
  update edge.purge_asks a set due_at = clock_timestamp() + make_interval(secs => $6), last_error = $7
  from ${seen} where ${isSeen}`;

/**
 * Sends the purges that are due to one provider, in batches over all organizations, until none is. Safe to run twice at once and
 * to be killed anywhere: a purge may then be sent again, never forgotten. Answers how many tags were purged.
 */
export async function drainPurges(pool: Pool, provider: PurgeProvider): Promise<number> {
  let purged = 0;
  for (;;) {
    const rows = await relaxed<DueAsk>(pool, takeDue, [provider.name, provider.batchSize]);
    if (rows.length === 0) return purged;
    const asks = [
      provider.name,
      rows.map((r) => r.bucket),
      rows.map((r) => r.organization_id),
      rows.map((r) => r.tag),
      rows.map((r) => r.generation),
    ];
    try {
      await provider.purge([...new Set(rows.map((row) => row.tag))]);
    } catch (error) {
      const attempts = Math.max(...rows.map((row) => row.attempts));
      const backoff = Math.min(2 ** attempts, MAX_BACKOFF_SECONDS) * (0.5 + Math.random() / 2);
      await relaxed(pool, postpone, [...asks, backoff, (error as Error).message.slice(0, 500)]);
      throw error;
    }
    await relaxed(pool, confirm, asks);
    purged += rows.length;
  }
}

/** Whether anything has been due for longer than it should: what the sweep looks at. */
export async function hasOverduePurges(pool: Pool, provider: PurgeProvider): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from edge.purge_asks where provider = $1 and due_at < clock_timestamp() - interval '500 milliseconds' limit 1`,
    [provider.name],
  );
  return rowCount === 1;
}
