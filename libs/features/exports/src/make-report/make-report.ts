import { setTimeout as sleep } from 'node:timers/promises';
import type { Directory, OrganizationRoute, Shards } from '@innkeep/platform/database';
import type { FileStorage, KeptFile } from '@innkeep/platform/files';
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

/** What is read in the snapshot: the file itself where it is written row by row, else all that it is made of. */
interface Read {
  readonly position: number;
  readonly total: number;
  readonly made: KeptFile | WholeReport;
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
  const found = await withSnapshot(making, key.organizationId, (snapshot) =>
    readReport(making.storage, snapshot, table, key, work, ask),
  );
  if (!found) {
    await work.refused(key, ask, 'too-many-rows');
    return false;
  }
  const { made, position, total } = found;
  // Outside of the snapshot: no transaction is held open while pages are laid out.
  const file = 'sha256' in made ? made : await keep(making.storage, key, ask, made);
  await work.finished(key, position, file, { report: ask, rows: total });
  return true;
}

async function readReport(
  storage: FileStorage,
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
    const made = await storage.put(reportFileOf(key.organizationId, key.id, format), csvOf(table.columns, pages));
    return { position, total, made };
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
  return { position, total, made: { head, columns: table.columns, rows, totals: totals.map(({ row }) => row) } };
}

async function keep(storage: FileStorage, key: ExportKey, { format }: ReportAsk, report: WholeReport) {
  const bytes = await reportFile(format as 'pdf' | 'xlsx', report);
  return storage.put(reportFileOf(key.organizationId, key.id, format), once(bytes));
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
