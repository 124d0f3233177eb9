import { csvCell } from '@innkeep/platform/files';
import type { ReportColumn } from '@innkeep/platform/feature';
import { type ReportRow, currencyOf, decimalOf } from './report-content';

/** Without it spreadsheets take a file for one in the alphabet of the country that they were bought in. */
const BYTE_ORDER_MARK = '\uFEFF';

function cellOf(row: ReportRow, { name, kind }: ReportColumn): string {
  const value = row[name] ?? null;
  // A decimal needs no quotes, and with its minus it is a number and no formula.
  return kind === 'amount' && value !== null ? decimalOf(Number(value), currencyOf(row)) : csvCell(value);
}

/** An amount is in units of the currency, not in minor ones: its column is called so. */
const headOf = ({ name, kind }: ReportColumn): string => csvCell(kind === 'amount' ? name.replace(/Cents$/, '') : name);

const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;

/** The report as CSV: names of columns, then rows. Totals are left out, so that whoever sums a column does not count twice. */
export async function* csvOf(
  columns: readonly ReportColumn[],
  pages: AsyncIterable<readonly ReportRow[]>,
): AsyncGenerator<Buffer> {
  yield Buffer.from(BYTE_ORDER_MARK + line(columns.map(headOf)));
  for await (const rows of pages)
    yield Buffer.from(rows.map((row) => line(columns.map((column) => cellOf(row, column)))).join(''));
}
