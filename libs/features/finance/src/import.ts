import { createHash } from 'node:crypto';
import { memberName, shapes } from '@innkeep/platform/http';
import { type CsvRow, type MalformedRow, readCsv } from '@innkeep/platform/files';
import { z } from 'zod';
import { kind } from './transaction.fields';

/** The most rows of one import: all of them are recorded in one unit of work. */
export const MAX_ROWS = 5_000;

/** The columns that a file may have. */
export const importColumns = [
  ...['amount', 'amountCents', 'date', 'occurredAt', 'description', 'category', 'paymentMode', 'externalReference'],
] as const;

/** A row as it was given: its cells by their columns, blank ones left out. */
export interface GivenRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** What is wrong with a row, or with the first line of a file. */
export interface RowError {
  readonly line: number;
  readonly column: string | null;
  readonly reason: string;
}

/** The rows of a file or of a body, as far as they can be told apart. */
export interface GivenRows {
  readonly rows: readonly GivenRow[];
  readonly errors: readonly RowError[];
  /** By which the same file is known again. */
  readonly sha256: string;
}

export const rowsBody = z
  .strictObject({
    rows: z
      .array(z.record(memberName(100), z.union([z.string(), z.number(), z.null()])))
      .min(1)
      .max(MAX_ROWS)
      .describe('Members are named like the columns of a file'),
  })
  .meta({ example: { rows: [{ date: '2026-03-14', amount: '12.50', description: 'Fresh towels' }] } });

const rowError = z.object({
  line: z.int().min(1).describe('Of the file, from 1; of rows, which one').meta({ example: 3 }),
  column: shapes.text('amount').nullable(),
  reason: shapes.text('is no amount with at most 2 decimals'),
});

/** An import as clients see it. */
export const importAnswer = z
  .object({
    id: shapes.uuidId,
    kind,
    propertyId: shapes.numericId,
    rowCount: shapes.count,
    recordedCount: shapes.count.describe('Recorded by it'),
    knownCount: shapes.count
      .meta({ example: 0 })
      .describe('Recorded before, by the same file or under the same reference'),
    sha256: shapes.text('2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae'),
    importedBy: shapes.numericId,
    importedAt: shapes.instant,
  })
  .meta({ id: 'Import' });
export type ImportView = z.output<typeof importAnswer>;

/** What became of a file, or would. */
export const importResult = z.object({
  isDryRun: z.boolean().meta({ example: false }),
  import: importAnswer.nullable().describe('Null after a dry run'),
  rowCount: shapes.count,
  recordableCount: shapes.count.describe('Rows that are recorded, or would be'),
  knownCount: shapes.count.meta({ example: 0 }),
  errorCount: shapes.count.meta({ example: 0 }),
  errors: z.array(rowError).describe('The first 1,000').meta({ example: [] }),
});
export type ImportResult = z.output<typeof importResult>;

const isColumn = (name: string): boolean => (importColumns as readonly string[]).includes(name);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function checkHeader({ line, cells }: CsvRow): RowError[] {
  const names = cells.map((cell) => cell.trim());
  const wrong = (column: string | null, reason: string): RowError => ({ line, column, reason });
  return [
    ...names.flatMap((name, index) => {
      if (!isColumn(name)) return [wrong(name, `is no column of an import; these are: ${importColumns.join(', ')}`)];
      return names.indexOf(name) < index ? [wrong(name, 'is there twice')] : [];
    }),
    ...(names.includes('description') ? [] : [wrong('description', 'is missing in the first line')]),
    ...(names.includes('amount') === names.includes('amountCents')
      ? [wrong('amount', 'give one of amount and amountCents')]
      : []),
  ];
}

function cellsOf(names: readonly string[], values: readonly string[]): Record<string, string> {
  const given = names.map((name, index) => [name, values[index]!.trim()] as const).filter(([, value]) => value !== '');
  return Object.fromEntries(given);
}

const isMalformed = (row: CsvRow | MalformedRow): row is MalformedRow => 'malformed' in row;

/**
 * The rows of a CSV file. A byte order mark is no part of it; a first line with semicolons and no comma says that semicolons divide it,
 * as spreadsheets write it where the comma is the decimal sign.
 */
export function rowsOfFile(text: string): GivenRows {
  const content = text.replace(/^\ufeff/, '');
  const firstLine = content.split(/[\r\n]/, 1)[0]!;
  const delimiter = firstLine.includes(';') && !firstLine.includes(',') ? ';' : ',';
  const [header, ...lines] = readCsv(content, delimiter);
  const failed = (reason: string) => ({
    rows: [],
    errors: [{ line: 1, column: null, reason }],
    sha256: sha256(content),
  });
  if (!header) return failed('is empty; the first line names the columns');
  if (isMalformed(header)) return failed(header.malformed);
  if (lines.length > MAX_ROWS) return failed(`the file has more than ${MAX_ROWS} rows; divide it`);
  const errors = checkHeader(header);
  if (errors.length > 0) return { rows: [], errors, sha256: sha256(content) };
  const names = header.cells.map((cell) => cell.trim());
  const rows: GivenRow[] = [];
  for (const row of lines) {
    const { line } = row;
    if (isMalformed(row)) errors.push({ line, column: null, reason: row.malformed });
    else if (row.cells.length !== names.length)
      errors.push({
        ...{ line, column: null },
        reason: `has ${row.cells.length} cells where the first line has ${names.length}`,
      });
    else rows.push({ line, cells: cellsOf(names, row.cells) });
  }
  return { rows, errors, sha256: sha256(content) };
}

/** The same of rows that were given one by one. */
export function rowsOfBody({ rows }: z.output<typeof rowsBody>): GivenRows {
  const errors: RowError[] = [];
  const given = rows.map((row, index): GivenRow => {
    const line = index + 1;
    for (const name of Object.keys(row))
      if (!isColumn(name)) errors.push({ line, column: name, reason: 'is no column of an import' });
    const names = Object.keys(row).filter(isColumn);
    return {
      line,
      cells: cellsOf(
        names,
        names.map((name) => String(row[name] ?? '')),
      ),
    };
  });
  return { rows: given, errors, sha256: sha256(JSON.stringify(rows)) };
}
