import { type Sql, sql } from '@innkeep/platform/database';
import type { PoolClient } from 'pg';
import { ArchiveFileError, checkArchive, readArchive } from './archive-file';
import { fillFrom } from './batch';
import { MissingEventsError } from './missing-events-error';

interface ArchivedMonth {
  readonly month: string;
  readonly sha256: string;
}

/** The months in the archive that a track has not folded to their ends, the oldest first. */
async function monthsAhead(client: PoolClient, track: string): Promise<ArchivedMonth[]> {
  const { rows } = await client.query<ArchivedMonth>(
    `select to_char(a.month, 'YYYY-MM') as month, a.sha256 from events.archived_partitions a
     where exists (select from events.archived_ranges r join events.checkpoints c on c.bucket = r.bucket and c.track = $1
       where r.month = a.month and c.position < r.last_position)
     order by a.month`,
    [track],
  );
  return rows;
}

/**
 * Fails unless all that a track has not folded can be read: from the log, or from the folder with the archive's files. The files
 * are compared with what the database remembers of them before the first event is folded.
 */
export async function requireWholeLog(client: PoolClient, track: string, folder?: string): Promise<void> {
  const months = await monthsAhead(client, track);
  if (months.length === 0) return;
  if (folder === undefined) {
    const range = months.length === 1 ? months[0]!.month : `${months[0]!.month} to ${months.at(-1)!.month}`;
    throw new MissingEventsError(
      `the events of ${range} are not in the log: give the folder with their files (--archive)`,
    );
  }
  for (const { month, sha256 } of months) await checkArchive(folder, month, sha256);
}

/** The events of a chunk of lines that the track has not folded yet, as the next batch. */
const fillFromLines = (track: string, lines: readonly string[]): Sql =>
  fillFrom(
    track,
    sql`
    select r.* from jsonb_populate_recordset(null::batch, ${`[${lines.join(',')}]`}::jsonb) r
    join events.checkpoints c on c.track = ${track} and c.bucket = r.bucket
    where r.position > c.position`,
  );

/**
 * Folds what a track has not folded of the archive, file by file; inside a bucket the events come in position order, as in the log.
 * Interrupted, it goes on from the track's checkpoint.
 */
export async function foldArchive(
  client: PoolClient,
  track: string,
  folder: string,
  chunkSize: number,
  fold: (fill: Sql) => Promise<unknown>,
): Promise<void> {
  for (const { month } of await monthsAhead(client, track)) {
    for await (const lines of readArchive(folder, month, chunkSize)) await fold(fillFromLines(track, lines));
  }
  const left = await monthsAhead(client, track);
  if (left.length > 0)
    throw new ArchiveFileError(folder, `the file of ${left[0]!.month} does not hold all of its events`);
}

/**
 * Lets a reactor begin where the log begins: nothing is done any more about what has been moved to files. Answers whether that left
 * out anything.
 */
export async function passArchive(client: PoolClient, track: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update events.checkpoints c set position = r.position
     from (select bucket, max(last_position) as position from events.archived_ranges group by bucket) r
     where c.track = $1 and c.bucket = r.bucket and c.position < r.position`,
    [track],
  );
  return (rowCount ?? 0) > 0;
}
