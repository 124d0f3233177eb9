import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Directory, OrganizationRoute, Shards } from '@innkeep/platform/database';
import { type FileStorage, writeFile } from '@innkeep/platform/files';
import type { ReportTable } from '@innkeep/platform/feature';
import { reportFileOf } from '../export';
import type { ExportKey, ExportWork } from '../make-export/export-work.store';
import { type OrganizationSnapshot, withSnapshot } from '../make-export/organization-rows.query';
import { rowLimits } from '../report-export';
import { csvOf } from './csv-report';
import type { ReportAsk } from './report-ask';
import type { ReportRow, WholeReport } from './report-content';
import { reportFile } from './report-file';

/** What reports are made with. */
export interface ReportMaking {
  readonly directory: Directory;
  readonly shards: Shards;
  readonly storage: FileStorage;
  readonly reportTables: readonly ReportTable[];
  /** Where files are put together before they are kept. */
  readonly scratch: string;
}

/** How often it is told how far a file is. */
const TELL_MS = 2_000;
/** The longest that is waited for a read model to come as far as the organization was when it was asked, and the steps. */
const WAIT_MS = 5_000;
const STEP_MS = 100;

/** Whoever asked sees what he had seen by then; a read model that stands still is not waited for for ever. */
async function untilApplied(making: ReportMaking, key: ExportKey, { projections }: ReportTable, version: number) {
  const deadline = performance.now() + WAIT_MS;
  const applied = () => withSnapshot(making, key.organizationId, (snapshot) => snapshot.appliedBy(projections));
  while (projections.length > 0 && performance.now() < deadline && (await applied()) < version) await sleep(STEP_MS);
}

/** What is read in the snapshot: nothing more where the file was written row by row, else all that it is made of. */
interface Read {
  readonly position: number;
  readonly total: number;
  readonly content: 'written' | { readonly format: 'pdf' | 'xlsx'; readonly report: WholeReport };
}

/** Makes the file of a report, all of it from one snapshot. Answers whether there is one: rows may be more than the format holds. */
export async function makeReport(
  making: ReportMaking,
  key: ExportKey,
  work: ExportWork,
  ask: ReportAsk,
): Promise<boolean> {
  const table = making.reportTables.find(({ name }) => name === ask.report);
  if (!table) throw new Error(`no feature makes the report ${ask.report}`);
  await untilApplied(making, key, table, ask.askedVersion);
  const path = join(making.scratch, `${key.id}.csv`);
  try {
    const found = await withSnapshot(making, key.organizationId, (snapshot) =>
      readReport(path, snapshot, table, key, work, ask),
    );
    if (!found) {
      await work.refused(key, ask, 'too-many-rows');
      return false;
    }
    const { content, position, total } = found;
    // Outside of the snapshot: no transaction is held open while pages are laid out, or a file is on its way to a bucket.
    const bytes =
      content === 'written' ? createReadStream(path) : once(await reportFile(content.format, content.report));
    const file = await making.storage.put(reportFileOf(key.organizationId, key.id, ask.format), bytes);
    await work.finished(key, position, file, { report: ask, rows: total });
    return true;
  } finally {
    await rm(path, { force: true });
  }
}

async function readReport(
  path: string,
  snapshot: OrganizationSnapshot,
  table: ReportTable,
  key: ExportKey,
  work: ExportWork,
  ask: ReportAsk,
): Promise<Read | undefined> {
  const { propertyId, from, to, format } = ask;
  const rangeIn = ({ bucket }: OrganizationRoute) => ({ ...key, bucket, propertyId, from, to });
  const [counted] = await snapshot.read<{ count: string }>((route) => table.count(rangeIn(route)));
  const total = Number(counted!.count);
  if (total > rowLimits[format]) return undefined;
  const position = await snapshot.appliedBy(table.projections);
  const pages = told(
    snapshot.stream<{ row: ReportRow }>((route) => table.rows(rangeIn(route))),
    (rows) => work.wroteRows(key, ask, rows, total),
  );
  if (format === 'csv') {
    await writeAnew(path, csvOf(table.columns, pages));
    return { position, total, content: 'written' };
  }
  const rows: ReportRow[] = [];
  for await (const page of pages) rows.push(...page);
  const totals = await snapshot.read<{ row: ReportRow }>((route) => table.totals(rangeIn(route)));
  const head = {
    title: table.title,
    propertyName: ask.propertyName,
    from,
    to,
    position,
    asOf: snapshot.asOf.toISOString(),
  };
  const report = { head, columns: table.columns, rows, totals: totals.map(({ row }) => row) };
  return { position, total, content: { format, report } };
}

/** An attempt that died may have left a part of the file behind. */
async function writeAnew(path: string, content: AsyncIterable<Buffer>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(path, { force: true });
  await writeFile(path, content);
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}

/** The rows, and now and then word of how many they were. */
async function* told(
  pages: AsyncIterable<readonly { row: ReportRow }[]>,
  tell: (rows: number) => Promise<void>,
): AsyncGenerator<readonly ReportRow[]> {
  let rows = 0;
  let toldAt = performance.now();
  for await (const page of pages) {
    yield page.map(({ row }) => row);
    rows += page.length;
    if (performance.now() - toldAt < TELL_MS) continue;
    toldAt = performance.now();
    await tell(rows);
  }
}
