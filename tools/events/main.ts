// Moves months of the event log to files and back, and begins an epoch after a restore: `npm run events -- list`, `archive`, ...
import 'reflect-metadata';
import { readEnvironment } from '@innkeep/platform/config';
import { databaseRoles, roleUrl } from '@innkeep/platform/database';
import {
  ArchiveFileError,
  ArchiveRefusedError,
  EventArchive,
  type LogMonth,
  checkArchive,
} from '@innkeep/platform/events';
import { Pool } from 'pg';
import { z } from 'zod';
import { type Arguments, readArguments, usage } from './arguments';
import { beginEpoch } from './new-epoch';

const environmentSchema = z.object({ DATABASE_URL: z.string().min(1), DATABASE_ROLE_SECRET: z.string().min(1) });

class WrongUse extends Error {}

/** A month and what became of it. */
interface Moved {
  readonly month: string;
  readonly events: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly seconds: number;
}

function print(rows: readonly object[], isJson: boolean, nothing: string): void {
  if (isJson) console.log(JSON.stringify(rows, undefined, 2));
  else if (rows.length === 0) console.log(nothing);
  else console.table(rows);
}

async function fileState({ month, sha256 }: LogMonth, folder: string): Promise<string> {
  try {
    await checkArchive(folder, month, sha256!);
    return 'whole';
  } catch (error) {
    if (!(error instanceof ArchiveFileError)) throw error;
    return error.message;
  }
}

async function list(archive: EventArchive, folder: string | undefined, isJson: boolean): Promise<number> {
  const months = await archive.list();
  const rows = [];
  for (const month of months)
    rows.push(folder !== undefined && month.isArchived ? { ...month, file: await fileState(month, folder) } : month);
  print(
    isJson ? rows : rows.map(({ neededBy, ...row }) => ({ ...row, neededBy: neededBy.join(', ') })),
    isJson,
    'the log has no months',
  );
  return rows.some((row) => 'file' in row && row.file !== 'whole') ? 1 : 0;
}

/** Moves one month after the other and says how it went; the first one that cannot be moved ends it. */
async function move(
  months: readonly string[],
  isJson: boolean,
  what: string,
  one: (
    month: string,
    progress: (events: number) => void,
  ) => Promise<{ events: number; bytes: number; sha256: string }>,
): Promise<number> {
  const moved: Moved[] = [];
  let refusal: Error | undefined;
  for (const month of months) {
    const startedAt = performance.now();
    let count = 0;
    let printedAt = startedAt;
    const progress = (events: number) => {
      count += events;
      if (isJson || performance.now() - printedAt < 1_000) return;
      printedAt = performance.now();
      console.error(`${what} ${month}: ${count.toLocaleString('en')} events`);
    };
    try {
      const { events, bytes, sha256 } = await one(month, progress);
      moved.push({ month, events, bytes, sha256, seconds: Math.round((performance.now() - startedAt) / 100) / 10 });
    } catch (error) {
      if (!(error instanceof ArchiveRefusedError || error instanceof ArchiveFileError)) throw error;
      refusal = error;
      break;
    }
  }
  if (isJson) console.log(JSON.stringify({ moved, refusal: refusal?.message ?? null }, undefined, 2));
  else print(moved, false, refusal ? 'nothing was moved' : 'there is nothing to move');
  if (refusal && !isJson) console.error(refusal.message);
  return refusal ? 1 : 0;
}

async function begin(pool: Pool, isJson: boolean): Promise<number> {
  const begun = await beginEpoch(pool);
  if (isJson) console.log(JSON.stringify(begun, undefined, 2));
  else
    console.log(
      `epoch ${begun.epoch} has begun in ${begun.buckets} buckets. Start all processes anew, and empty the edge.`,
    );
  return 0;
}

async function execute(pool: Pool, given: Arguments): Promise<number> {
  const { isJson } = given;
  if (given.command === 'new-epoch') return begin(pool, isJson);
  const archive = new EventArchive(pool);
  if (given.command === 'list') return list(archive, given.folder, isJson);
  const months = await archive.list();
  if (given.command === 'archive') {
    // A month is over by a day if the next one has begun by then.
    const isBefore = (month: string) => {
      const [year, number] = month.split('-').map(Number) as [number, number];
      return new Date(Date.UTC(year, number, 1)) <= new Date(given.before);
    };
    const due = months.filter(({ isArchived, month }) => !isArchived && isBefore(month)).map(({ month }) => month);
    return move(due, isJson, 'archive', (month, progress) => archive.archive(month, given.folder, progress));
  }
  const archived = months.filter(({ isArchived }) => isArchived).map(({ month }) => month);
  if (given.month !== undefined && !archived.includes(given.month))
    throw new ArchiveRefusedError(given.month, 'it is not in the archive');
  const from = given.month ?? archived.at(-1) ?? '';
  const due = archived.filter((month) => month >= from).reverse();
  return move(due, isJson, 'restore', (month, progress) => archive.restore(month, given.folder, progress));
}

async function main(): Promise<number> {
  const given = readArguments(process.argv.slice(2));
  if (!given) throw new WrongUse();
  const { DATABASE_URL, DATABASE_ROLE_SECRET } = readEnvironment(environmentSchema);
  // The owner's role: to let a partition go is no right of any process.
  const pool = new Pool({
    connectionString: roleUrl(DATABASE_URL, databaseRoles.migrator, DATABASE_ROLE_SECRET),
    max: 1,
    application_name: 'events-tool',
  });
  try {
    return await execute(pool, given);
  } finally {
    await pool.end();
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof WrongUse ? usage : (error as Error).message);
    process.exitCode = error instanceof ArchiveRefusedError ? 1 : 2;
  },
);
