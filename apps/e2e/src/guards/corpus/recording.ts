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

/** What opens the personal fields of a recording: a master key that was made for nothing else, and the keys that it wraps. */
export interface RecordedKeys {
  readonly masterKeys: readonly object[];
  /** Rows of `privacy.subject_keys`; of a subject that was erased only the row is left. */
  readonly subjectKeys: readonly object[];
}

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
  static add(events: readonly RecordedLine[], { masterKeys, subjectKeys }: RecordedKeys): Recording {
    const recording = new Recording(String(Recording.all().length + 1).padStart(4, '0'));
    mkdirSync(join(folder, recording.name, 'rows'), { recursive: true });
    writeOnce(recording.path('events.jsonl'), events);
    writeOnce(recording.path('master-keys.jsonl'), masterKeys);
    writeOnce(recording.path('subject-keys.jsonl'), subjectKeys);
    return recording;
  }

  get events(): RecordedLine[] {
    return parse(this.path('events.jsonl'));
  }

  /** None, if it is from before anything was sealed. */
  get keys(): RecordedKeys {
    const read = (file: string) => (existsSync(this.path(file)) ? parse<object>(this.path(file)) : []);
    return { masterKeys: read('master-keys.jsonl'), subjectKeys: read('subject-keys.jsonl') };
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
