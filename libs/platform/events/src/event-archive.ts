import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import {
  type ArchiveManifest,
  checkArchive,
  readArchive,
  readManifest,
  verifyArchive,
  writeArchive,
} from './archive-file';

/** A month of the log: a partition of the database, or a file. */
export interface LogMonth {
  /** `YYYY-MM`, in UTC. */
  readonly month: string;
  readonly isArchived: boolean;
  readonly bytes: number;
  /** Of a month in the archive: its events, and the checksum of its file. */
  readonly events?: number;
  readonly sha256?: string;
  /** Who still has to read a month that is over: while there is anybody it stays in the database. */
  readonly neededBy: readonly string[];
}

/** A month cannot be moved, and why. Nothing was changed. */
export class ArchiveRefusedError extends Error {
  constructor(month: string, reason: string) {
    super(`${month}: ${reason}`);
    this.name = 'ArchiveRefusedError';
  }
}

const CHUNK = 5_000;
/** The log itself is locked for a moment to let a partition go; writers must not queue behind somebody who reads it for long. */
const LOCK_TIMEOUT = '1s';
const LOCK_ATTEMPTS = 30;
const LOCK_NOT_AVAILABLE = '55P03';
const RAISED = 'P0001';

const firstDay = (month: string) => `${month}-01`;

/**
 * Moves months of the event log that nobody has to read any more to files, and back. Works as the owner of the log: no role of a
 * process can let a partition go.
 *
 * Invariants: a partition goes only in the transaction that has kept writers out since before it was read, after its file was read
 * back from the disk; only the oldest goes and only the newest comes back, so every bucket's log is without gaps from where it begins.
 */
export class EventArchive {
  constructor(private readonly pool: Pool) {}

  /** The months of the log up to now, the oldest first. */
  async list(): Promise<LogMonth[]> {
    const { rows } = await this.pool.query<Omit<LogMonth, 'neededBy'> & { neededBy: string[] | null }>(
      `select to_char(r.month, 'YYYY-MM') as month, r.is_archived as "isArchived", r.bytes::float8 as bytes, a.events::float8 as events, a.sha256,
         case when r.is_present and r.month < date_trunc('month', now() at time zone 'UTC') then
           array(select b.holder || ' (' || b.buckets || ' buckets)' from events.archive_blockers(r.month) b) end as "neededBy"
       from events.partition_report(0) r left join events.archived_partitions a using (month)
       where r.month <= now() at time zone 'UTC' order by r.month`,
    );
    return rows.map(({ events, sha256, neededBy, ...row }) => ({
      ...row,
      ...(row.isArchived ? { events: events!, sha256: sha256! } : {}),
      neededBy: neededBy ?? [],
    }));
  }

  /** Writes the month's events to a file, reads the file back, and then removes the partition. */
  async archive(month: string, folder: string, progress?: (events: number) => void): Promise<ArchiveManifest> {
    return this.transaction(month, async (client) => {
      await this.refuseUnlessOver(client, month);
      // Nobody writes into a month that is over; this waits for one who began to before it was.
      await client.query(`lock table events.log_${month.replace('-', '_')} in share mode`);
      const manifest = await writeArchive(folder, month, exportMonth(client, month, progress));
      await verifyArchive(folder, manifest);
      await this.removePartition(client, manifest);
      return manifest;
    });
  }

  /** Puts the newest month of the archive back into the database. Its file stays. */
  async restore(month: string, folder: string, progress?: (events: number) => void): Promise<ArchiveManifest> {
    return this.transaction(month, async (client) => {
      const { rows } = await client.query<{ sha256: string }>(
        'select sha256 from events.archived_partitions where month = $1',
        [firstDay(month)],
      );
      if (!rows[0]) throw new ArchiveRefusedError(month, 'it is not in the archive');
      const manifest = await readManifest(folder, month);
      await checkArchive(folder, month, rows[0].sha256);
      const created = await client.query<{ restored: string }>('select events.create_restored($1) as restored', [
        firstDay(month),
      ]);
      const { restored } = created.rows[0]!;
      for await (const lines of readArchive(folder, month, CHUNK)) {
        await client.query(
          `insert into ${restored} select * from jsonb_populate_recordset(null::${restored}, $1::jsonb)`,
          [`[${lines.join(',')}]`],
        );
        progress?.(lines.length);
      }
      await client.query('select events.attach_restored($1)', [firstDay(month)]);
      return manifest;
    });
  }

  private async refuseUnlessOver(client: PoolClient, month: string): Promise<void> {
    const { rows } = await client.query<{ isOver: boolean; isThere: boolean }>(
      `select ($1::date + interval '1 month') at time zone 'UTC' <= now() as "isOver",
         to_regclass('events.log_' || to_char($1::date, 'YYYY_MM')) is not null as "isThere"`,
      [firstDay(month)],
    );
    if (!rows[0]!.isThere) throw new ArchiveRefusedError(month, 'the database has no partition of it');
    if (!rows[0]!.isOver) throw new ArchiveRefusedError(month, 'it is not over yet');
    const blockers = await client.query<{ holder: string; buckets: string }>(
      'select holder, buckets from events.archive_blockers($1)',
      [firstDay(month)],
    );
    if (blockers.rows.length > 0)
      throw new ArchiveRefusedError(
        month,
        `it is still needed: ${blockers.rows.map(({ holder, buckets }) => `${holder} (${buckets} buckets)`).join(', ')}`,
      );
  }

  /** Tried again and again for a short time each: while it waits for the lock, everybody else waits behind it. */
  private async removePartition(client: PoolClient, manifest: ArchiveManifest): Promise<void> {
    const { month, events, sha256, buckets } = manifest;
    await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    for (let attempt = 1; ; attempt++) {
      await client.query('savepoint removal');
      try {
        await client.query('select events.remove_archived($1, $2, $3, $4)', [
          firstDay(month),
          events,
          sha256,
          JSON.stringify(buckets),
        ]);
        return;
      } catch (error) {
        const isBusy = (error as { code?: string }).code === LOCK_NOT_AVAILABLE;
        if (!isBusy || attempt === LOCK_ATTEMPTS) throw error;
        await client.query('rollback to savepoint removal');
        await sleep(100 * attempt);
      }
    }
  }

  private async transaction<T>(month: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      await client.query('begin');
      await client.query('set local statement_timeout = 0');
      await client.query("set local time zone 'UTC'");
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      failure = error as Error;
      // What a function of the database refuses is the operator's to know, as it says it.
      if ((error as { code?: string }).code === RAISED) throw new ArchiveRefusedError(month, failure.message);
      throw error;
    } finally {
      // A connection that failed takes its transaction, and the partition's lock, with it.
      client.release(failure);
    }
  }
}

/** The month's events as lines of JSON, by bucket and position, from a cursor: a partition does not fit in memory. */
async function* exportMonth(
  client: PoolClient,
  month: string,
  progress?: (events: number) => void,
): AsyncGenerator<string[]> {
  await client.query(
    `declare exported no scroll cursor for select row_to_json(e)::text as line from events.log e
     where recorded_at >= '${firstDay(month)}'::timestamp at time zone 'UTC'
       and recorded_at < ('${firstDay(month)}'::date + interval '1 month') at time zone 'UTC'
     order by bucket, position`,
  );
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`fetch ${CHUNK} from exported`);
    if (rows.length === 0) break;
    yield rows.map(({ line }) => line);
    progress?.(rows.length);
  }
  await client.query('close exported');
}
