import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An event as a line of a recording: the columns of the log. */
export interface RecordedLine {
  readonly bucket: number;
  readonly position: number;
  readonly organization_id: number;
  readonly version: number;
  readonly recorded_at: string;
  readonly type: string;
  readonly schema_version: number;
  readonly data: Record<string, unknown>;
}

const folder = join(__dirname, 'recordings');

const parse = <Line>(path: string): Line[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

/** Writes a file that is not there yet. One that is stays as it was recorded. */
const writeOnce = (path: string, lines: readonly object[]): void =>
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { flag: 'wx' });

/** The log of some organizations from their beginning, as it once was, and what each read model made of it. */
export class Recording {
  private constructor(readonly name: string) {}

  static all(): Recording[] {
    return readdirSync(folder)
      .sort()
      .map((name) => new Recording(name));
  }

  /** Writes a further recording. */
  static add(events: readonly RecordedLine[]): Recording {
    const recording = new Recording(String(Recording.all().length + 1).padStart(4, '0'));
    mkdirSync(join(folder, recording.name, 'rows'), { recursive: true });
    writeOnce(recording.path('events.jsonl'), events);
    return recording;
  }

  get events(): RecordedLine[] {
    return parse(this.path('events.jsonl'));
  }

  hasRowsOf(projection: string, version: number): boolean {
    return existsSync(this.rowsPath(projection, version));
  }

  rowsOf(projection: string, version: number): object[] {
    return parse(this.rowsPath(projection, version));
  }

  addRows(projection: string, version: number, rows: readonly object[]): void {
    writeOnce(this.rowsPath(projection, version), rows);
  }

  private rowsPath(projection: string, version: number): string {
    return this.path(`rows/${projection}.${version}.jsonl`);
  }

  private path(file: string): string {
    return join(folder, this.name, file);
  }
}
