import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type TarEntry, csvLine } from '@innkeep/platform/files';
import type { ExportedTable } from '@innkeep/platform/feature';
import { columnsOf } from './organization-rows.query';

/** A file of the archive, as the manifest tells of it. */
export interface PartFile {
  readonly name: string;
  readonly table: string;
  readonly format: 'ndjson' | 'csv';
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** The files of an archive while it is made: each has to be whole before it is known how long it is. */
export class ExportParts {
  readonly files: PartFile[] = [];

  private constructor(private readonly folder: string) {}

  /** A folder of its own, empty whatever an attempt before has left in it. */
  static async begin(folder: string): Promise<ExportParts> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new ExportParts(folder);
  }

  /** Writes a table twice: for programs, and for spreadsheets. Answers how many rows there were. */
  async add(
    table: ExportedTable,
    pages: AsyncIterable<readonly string[]>,
    wrote: (rows: number) => Promise<void>,
  ): Promise<number> {
    const columns = columnsOf(table).map(({ name }) => name);
    const [ndjson, csv] = [await this.open(table.table, 'ndjson'), await this.open(table.table, 'csv')];
    let rows = 0;
    try {
      await csv.write(csvLine(columns));
      for await (const lines of pages) {
        await ndjson.write(`${lines.join('\n')}\n`);
        const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
        await csv.write(read.map((row) => csvLine(columns.map((column) => row[column]))).join(''));
        rows += lines.length;
        await wrote(lines.length);
      }
    } finally {
      for (const part of [ndjson, csv]) this.files.push({ ...(await part.end()), table: table.table, rows });
    }
    return rows;
  }

  /** All of it, the manifest first. */
  async *entries(manifest: object, modifiedAt: Date): AsyncGenerator<TarEntry> {
    const told = Buffer.from(`${JSON.stringify({ ...manifest, files: this.files }, null, 2)}\n`);
    yield { name: 'manifest.json', bytes: told.length, modifiedAt, content: once(told) };
    for (const { name, bytes } of this.files)
      yield { name, bytes, modifiedAt, content: createReadStream(join(this.folder, name)) };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async open(table: string, format: 'ndjson' | 'csv') {
    const name = `${table}.${format}`;
    return new Part(await open(join(this.folder, name), 'wx', 0o600), name, format);
  }
}

class Part {
  private readonly hash = createHash('sha256');
  private bytes = 0;

  constructor(
    private readonly handle: FileHandle,
    private readonly name: string,
    private readonly format: 'ndjson' | 'csv',
  ) {}

  async write(text: string): Promise<void> {
    const chunk = Buffer.from(text);
    this.hash.update(chunk);
    this.bytes += chunk.length;
    await this.handle.writeFile(chunk);
  }

  async end(): Promise<Pick<PartFile, 'name' | 'format' | 'bytes' | 'sha256'>> {
    await this.handle.close();
    return { name: this.name, format: this.format, bytes: this.bytes, sha256: this.hash.digest('hex') };
  }
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}
