/** A value as it stands in a row. Whatever else a column takes is written as its text. */
export type Cell = string | number | boolean | Buffer | null;

const CHUNK = 256 * 1_024;
/** What the text format of COPY gives a meaning to. */
const special = /[\\\t\n\r]/g;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function text(cell: Cell): string {
  if (cell === null) return '\\N';
  if (typeof cell === 'string')
    return cell.search(special) < 0 ? cell : cell.replace(special, (found) => escapes[found]!);
  if (Buffer.isBuffer(cell)) return `\\\\x${cell.toString('hex')}`;
  return String(cell);
}

/** Rows of one table in the text format of COPY. */
export class CopyRows {
  count = 0;
  bytes = 0;
  private readonly full: Buffer[] = [];
  private open = '';

  constructor(
    readonly table: string,
    readonly columns: readonly string[],
  ) {}

  /** The cells of a row, in the order of the columns. */
  add(...cells: readonly Cell[]): void {
    let line = text(cells[0]!);
    for (let index = 1; index < cells.length; index++) line += `\t${text(cells[index]!)}`;
    this.open += `${line}\n`;
    this.count++;
    if (this.open.length >= CHUNK) this.close();
  }

  chunks(): readonly Buffer[] {
    if (this.open !== '') this.close();
    return this.full;
  }

  private close(): void {
    const chunk = Buffer.from(this.open);
    this.open = '';
    this.bytes += chunk.length;
    this.full.push(chunk);
  }
}
