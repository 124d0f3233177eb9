import type { ReportColumn } from '@innkeep/platform/feature';
import writeXlsxFile, { type Cell, type Row } from 'write-excel-file/node';
import { type ReportHead, type ReportRow, type WholeReport, currencyOf, isNumber, minorDigits } from './report-content';

const WIDTHS: Readonly<Record<ReportColumn['kind'], number>> = {
  amount: 16,
  count: 14,
  day: 12,
  days: 10,
  instant: 20,
  month: 12,
  rate: 10,
  text: 24,
};

function cellOf(row: ReportRow, { name, kind }: ReportColumn): Cell {
  const value = row[name] ?? null;
  if (value === null) return null;
  if (kind === 'amount') {
    const digits = minorDigits(currencyOf(row));
    const format = digits === 0 ? '#,##0' : `#,##0.${'0'.repeat(digits)}`;
    return { value: Number(value) / 10 ** digits, type: Number, format };
  }
  if (kind === 'count') return { value: Number(value), type: Number, format: '#,##0' };
  if (kind === 'days') return { value: Number(value), type: Number, format: '0.0' };
  if (kind === 'rate') return { value: Number(value), type: Number, format: '0.0%' };
  if (kind === 'day') return { value: new Date(`${value}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' };
  if (kind === 'instant') return { value: new Date(value), type: Date, format: 'yyyy-mm-dd hh:mm' };
  // Of the type of texts, whatever it begins with: a spreadsheet runs none of it.
  return { value: String(value), type: String };
}

const bold = (row: Row): Row =>
  row.map((cell) => (typeof cell === 'object' && cell !== null ? { ...cell, fontWeight: 'bold' } : cell) as Cell);

const told = ({ title, propertyName, from, to, position, asOf }: ReportHead): Row[] => {
  const text = (value: string): Cell => ({ value, type: String });
  return [
    [text('Report'), text(title)],
    [text('Property'), text(propertyName)],
    [text('From'), text(from)],
    [text('To'), text(to)],
    [text('Position'), { value: position, type: Number }],
    [text('As of (UTC)'), text(asOf)],
  ];
};

/** The report as a workbook: a sheet with the rows and their totals, and one that says what it is. Put together in memory. */
export async function xlsxOf({ head, columns, rows, totals }: WholeReport): Promise<Buffer> {
  const heads: Row = columns.map(({ title, kind }) => ({
    value: title,
    type: String,
    fontWeight: 'bold',
    align: isNumber(kind) ? 'right' : 'left',
  }));
  const data: Row[] = [heads, ...rows.map((row) => columns.map((column) => cellOf(row, column)))];
  for (const total of totals) {
    const [first, ...rest] = columns.map((column) => cellOf(total, column));
    data.push(bold([first ?? { value: 'Total', type: String }, ...rest]));
  }
  return writeXlsxFile([
    { sheet: head.title, data, columns: columns.map(({ kind }) => ({ width: WIDTHS[kind] })), stickyRowsCount: 1 },
    { sheet: 'About', data: told(head), columns: [{ width: 16 }, { width: 40 }] },
  ]).toBuffer();
}
