import type { PoolClient } from 'pg';
import { type BatchTable, createBatchTable, createSmallBatchTable } from './batch';

/** Beyond this many events a batch is large. */
const LARGE = 500;
/** So many deleted rows each fold passes by at most before the small table is emptied, after which every statement is planned anew. */
const WORN = 2_000;

/**
 * Chooses the table for a lane's next batch by the size of the last one: a log that is far ahead stays ahead for a while. The table for
 * large batches is there only as long as it is needed: at every commit, whatever it did, the session empties it.
 */
export class BatchSizes {
  private session?: PoolClient;
  private isLarge = false;
  private deleted = 0;

  async tableFor(client: PoolClient): Promise<BatchTable> {
    if (client !== this.session) await this.begin(client);
    if (this.isLarge) return 'batch';
    if (this.deleted > WORN) {
      await client.query('truncate small_batch');
      this.deleted = 0;
    }
    return 'small_batch';
  }

  /** The last batch had so many events. */
  async took(events: number, client: PoolClient): Promise<void> {
    if (!this.isLarge) this.deleted += events;
    const isLarge = events > LARGE;
    if (isLarge !== this.isLarge) await client.query(isLarge ? createBatchTable : 'drop table batch');
    this.isLarge = isLarge;
  }

  /** Tables belong to a session: another connection of the lane begins with its own. */
  private async begin(client: PoolClient): Promise<void> {
    await client.query(createSmallBatchTable);
    this.session = client;
    this.isLarge = false;
    this.deleted = 0;
  }
}
