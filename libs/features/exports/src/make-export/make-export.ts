import { join } from 'node:path';
import { Readable, pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Directory, Shards, UnitOfWork } from '@innkeep/platform/database';
import type { Exported, ExportedTable, ReportTable } from '@innkeep/platform/feature';
import { type FileStorage, tarOf } from '@innkeep/platform/files';
import { fileOf, reportFileOf } from '../export';
import { makeReport } from '../make-report/make-report';
import type { ReportAsk } from '../make-report/report-ask';
import { ExportParts } from './export-parts';
import { type ExportKey, ExportWork, dueExports } from './export-work.store';
import { withSnapshot } from './organization-rows.query';

export { type ExportKey, dueExports };

/** What exports are made with. */
export interface ExportMaking {
  readonly directory: Directory;
  readonly shards: Shards;
  readonly unitOfWork: UnitOfWork;
  readonly storage: FileStorage;
  /** What is in an export. */
  readonly exported: Exported;
  /** The reports that there are as files. */
  readonly reportTables: readonly ReportTable[];
  /** Where files are put together before they are kept. */
  readonly scratch: string;
}

/** How often it is told how far an export is. */
const TELL_MS = 2_000;

/**
 * Does what is due of an export: makes its file, or removes it. Safe to be killed anywhere and to run twice at once: what was begun
 * is begun anew by whoever comes when the lease is over, and the file is there whole or not at all.
 */
export async function workOnExport(making: ExportMaking, key: ExportKey): Promise<'made' | 'removed' | undefined> {
  const work = new ExportWork(making.unitOfWork);
  const due = await work.take(key);
  if (due === undefined) return undefined;
  const { what, report } = due;
  if (what === 'remove') {
    const { organizationId, id } = key;
    await making.storage.remove(report ? reportFileOf(organizationId, id, report.format) : fileOf(organizationId, id));
    await work.removed(key);
    return 'removed';
  }
  if (report) return madeReport(making, key, work, report);
  const parts = await ExportParts.begin(join(making.scratch, key.id));
  try {
    await make(making, key, work, parts);
    return 'made';
  } catch (error) {
    await work.failed(key);
    throw error;
  } finally {
    await parts.remove();
  }
}

async function madeReport(
  making: ExportMaking,
  key: ExportKey,
  work: ExportWork,
  report: ReportAsk,
): Promise<'made' | undefined> {
  try {
    return (await makeReport(making, key, work, report)) ? 'made' : undefined;
  } catch (error) {
    await work.failed(key);
    throw error;
  }
}

async function make(
  { exported: { tables, leftOut = {} }, storage, ...where }: ExportMaking,
  key: ExportKey,
  work: ExportWork,
  parts: ExportParts,
): Promise<void> {
  const progress = new Progress(work, key, tables.length);
  const read = await withSnapshot(where, key.organizationId, async ({ position, asOf, pagesOf }) => {
    for (const table of tables) {
      await parts.add(table, pagesOf(table), (rows) => progress.wrote(rows));
      await progress.finishedTable();
    }
    return { position, asOf };
  });
  const manifest = {
    format: 'innkeep-export-1',
    organizationId: key.organizationId,
    exportId: key.id,
    position: read.position,
    asOf: read.asOf.toISOString(),
    withheld: Object.fromEntries(tables.filter(isPartial).map(({ table, withheld }) => [table, withheld])),
    leftOut,
  };
  const archive = compressed(tarOf(parts.entries(manifest, read.asOf)));
  await work.finished(key, read.position, await storage.put(fileOf(key.organizationId, key.id), archive));
}

/** The same with gzip. What goes wrong in the content is thrown to whoever reads. */
function compressed(content: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const gzip = createGzip();
  pipeline(Readable.from(content), gzip, () => undefined);
  return gzip;
}

const isPartial = ({ withheld }: ExportedTable) => withheld !== undefined;

/** Tells how far it is, now and then. */
class Progress {
  private rows = 0;
  private tablesDone = 0;
  private toldAt = 0;

  constructor(
    private readonly work: ExportWork,
    private readonly key: ExportKey,
    private readonly tables: number,
  ) {}

  async wrote(rows: number): Promise<void> {
    this.rows += rows;
    await this.tell(performance.now() - this.toldAt > TELL_MS);
  }

  async finishedTable(): Promise<void> {
    this.tablesDone++;
    await this.tell(this.tablesDone === this.tables);
  }

  private async tell(isTime: boolean): Promise<void> {
    if (!isTime) return;
    this.toldAt = performance.now();
    await this.work.progressed(this.key, this.tables, this.tablesDone, this.rows);
  }
}
