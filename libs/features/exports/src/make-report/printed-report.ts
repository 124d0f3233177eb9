import type { ReportColumn } from '@innkeep/platform/feature';
import { type ReportHead, type ReportRow, type WholeReport, currencyOf, decimalOf, isNumber } from './report-content';

/** A report as it is printed: every cell a text. */
export interface PrintedReport {
  readonly head: ReportHead;
  readonly columns: readonly { readonly title: string; readonly isRight: boolean }[];
  readonly rows: readonly (readonly string[])[];
  readonly totals: readonly (readonly string[])[];
}

/** With the sign of the currency's own and its digits, and the thousands parted: `1,234.50`. */
function money(cents: number, currency: string): string {
  const [whole, part] = decimalOf(Math.abs(cents), currency).split('.') as [string, string?];
  const parted = `${cents < 0 ? '−' : ''}${new Intl.NumberFormat('en').format(BigInt(whole))}`;
  return part === undefined ? parted : `${parted}.${part}`;
}

function textOf(row: ReportRow, { name, kind }: ReportColumn): string {
  const value = row[name] ?? null;
  if (value === null) return '';
  if (kind === 'amount') return money(Number(value), currencyOf(row));
  if (kind === 'count') return money(Number(value), 'JPY');
  if (kind === 'days') return Number(value).toFixed(1);
  if (kind === 'rate') return `${(Number(value) * 100).toFixed(1)} %`;
  if (kind === 'instant') return String(value).slice(0, 16).replace('T', ' ');
  return String(value);
}

/** The texts of a report. */
export function printed({ head, columns, rows, totals }: WholeReport): PrintedReport {
  // What only programs need has no place on paper.
  const shown = columns.filter(({ name }) => name !== 'id');
  const line = (row: ReportRow) => shown.map((column) => textOf(row, column));
  return {
    head,
    columns: shown.map(({ title, kind }) => ({ title, isRight: isNumber(kind) })),
    rows: rows.map(line),
    totals: totals.map(line).map(([first, ...rest]) => [first || 'Total', ...rest]),
  };
}
