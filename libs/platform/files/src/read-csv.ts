/** A row of a CSV file, and the line that it begins on, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A row that is not well formed. What comes after its line is read on. */
export interface MalformedRow {
  readonly line: number;
  readonly malformed: string;
}

interface Cell {
  readonly text: string;
  /** Where the delimiter, the line end or the end of the file behind it stands. */
  readonly end: number;
  readonly malformed?: string;
}

const isLineEnd = (char: string | undefined) => char === undefined || char === '\n' || char === '\r';

function quotedCell(text: string, start: number, delimiter: string): Cell {
  let content = '';
  for (let from = start + 1; ;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return { text: '', end: text.length, malformed: 'a quotation mark is opened and never closed' };
    content += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      const after = text[quote + 1];
      const malformed =
        isLineEnd(after) || after === delimiter ? undefined : 'something follows a closing quotation mark';
      return { text: content, end: quote + 1, malformed };
    }
    content += '"';
    from = quote + 2;
  }
}

function plainCell(text: string, start: number, delimiter: string): Cell {
  let end = start;
  while (!isLineEnd(text[end]) && text[end] !== delimiter) end++;
  const content = text.slice(start, end);
  return { text: content, end, malformed: content.includes('"') ? 'a quotation mark is out of place' : undefined };
}

/**
 * Reads rows of comma-separated values (RFC 4180), with line ends of any system. Values are texts as they stand, whatever a spreadsheet
 * would make of them; blank lines are no rows.
 */
export function* readCsv(text: string, delimiter = ','): Generator<CsvRow | MalformedRow> {
  let [at, line] = [0, 1];
  while (at < text.length) {
    const begins = { at, line };
    const cells: string[] = [];
    let malformed: string | undefined;
    for (;;) {
      const cell = text[at] === '"' ? quotedCell(text, at, delimiter) : plainCell(text, at, delimiter);
      cells.push(cell.text);
      at = cell.end;
      malformed = cell.malformed;
      if (malformed !== undefined || text[at] !== delimiter) break;
      at++;
    }
    // The rest of a malformed row cannot be told from the next one: only its own line is given up.
    if (malformed !== undefined) for (at = begins.at; !isLineEnd(text[at]);) at++;
    line += (text.slice(begins.at, at).match(/\r\n|\n|\r/g) ?? []).length;
    if (at < text.length) {
      at += text.startsWith('\r\n', at) ? 2 : 1;
      line++;
    }
    if (malformed !== undefined) yield { line: begins.line, malformed };
    else if (cells.length > 1 || cells[0]!.trim() !== '') yield { line: begins.line, cells };
  }
}
