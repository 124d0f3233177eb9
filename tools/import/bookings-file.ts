import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { bookingColumns, neededColumns, type Booking, type BookingColumn } from './bookings-columns';
import { ImportStopped } from './import-stopped';

/** Where a row stands: its line, and how far into the file that line ends. */
export interface RowPlace {
  readonly line: number;
  readonly bytes: number;
}

/** One row of the file: a booking, or the reason why it cannot be read as one. */
export type FileRow = RowPlace & ({ readonly booking: Booking } | { readonly malformed: string });

const longestLine = 1_000_000;
const wellQuoted = /^(?:[^",]*|"(?:[^"]|"")*")(?:,(?:[^",]*|"(?:[^"]|"")*"))*$/;

/** Reads a bookings file row by row, in constant memory. */
export async function* readBookings(path: string): AsyncGenerator<FileRow> {
  const parser = parse({ relax_column_count: true, record_delimiter: '\n' });
  // An error of either stream destroys the other and ends the loop below, which is where it is thrown.
  pipeline(Readable.from(numberedLines(path)), parser, () => {});
  let columns: string[] | undefined;
  for await (const [line, bytes, ...cells] of parser as AsyncIterable<string[]>) {
    const trimmed = cells.map((cell) => cell.trim());
    if (columns) yield { line: Number(line), bytes: Number(bytes), ...toBooking(columns, trimmed) };
    else columns = checkHeader(trimmed);
  }
  if (!columns) throw new ImportStopped(`${path} is empty; its first line must name the columns`);
}

function checkHeader(columns: string[]): string[] {
  const missing = neededColumns.filter((column) => !columns.includes(column));
  if (missing.length > 0) {
    throw new ImportStopped(`this is not a bookings file: its first line does not name ${missing.join(', ')}`);
  }
  return columns;
}

function toBooking(columns: string[], cells: string[]): { booking: Booking } | { malformed: string } {
  if (cells.length === 0) return { malformed: 'a quotation mark is out of place' };
  if (cells.length !== columns.length) {
    return { malformed: `the row has ${cells.length} columns where the first line has ${columns.length}` };
  }
  const booking: Partial<Record<BookingColumn, string>> = {};
  for (const column of bookingColumns) booking[column] = cells[columns.indexOf(column)] ?? '';
  return { booking: booking as Booking };
}

/**
 * Puts its number and end position in front of each line, as two more cells. No value of a bookings file spans lines, so a line
 * whose quotation marks do not pair up is cut down to these two: left as it is, it would swallow the good rows after it.
 */
async function* numberedLines(path: string): AsyncGenerator<string> {
  let line = 0;
  let bytes = 0;
  let rest = '';
  const number = (text: string): string => {
    line += 1;
    bytes += Buffer.byteLength(text) + 1;
    const row = text.replace(/^\uFEFF/, '').replace(/\r$/, '');
    if (row.trim() === '') return '';
    return row.includes('"') && !wellQuoted.test(row) ? `${line},${bytes}\n` : `${line},${bytes},${row}\n`;
  };
  for await (const chunk of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new ImportStopped(`${path} is not a text file: line ${line + 1} does not end`);
    const numbered = lines.map(number).join('');
    if (numbered) yield numbered;
  }
  if (rest) yield number(rest);
}
