import type { ReportColumn, ReportColumnKind } from '@innkeep/platform/feature';

/** A row of a report, by the names of its columns. */
export type ReportRow = Readonly<Record<string, string | number | null>>;

/** What a file says of itself. */
export interface ReportHead {
  readonly title: string;
  readonly propertyName: string;
  readonly from: string;
  readonly to: string;
  /** The version of the organization that it shows, and when that was read. */
  readonly position: number;
  readonly asOf: string;
}

/** A report with all its rows, as files are made of it that are put together as a whole. */
export interface WholeReport {
  readonly head: ReportHead;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly ReportRow[];
  readonly totals: readonly ReportRow[];
}

/** How many digits the minor unit of a currency has: two of most, none of yen, three of dinars. */
export function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** An amount in minor units as a decimal text with the digits of its currency: `-12.50`. */
export function decimalOf(cents: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(cents)).padStart(digits + 1, '0');
  const sign = cents < 0 ? '-' : '';
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

const numbers: ReadonlySet<ReportColumnKind> = new Set(['amount', 'count', 'days', 'rate'] as const);

/** Whether what is in a column stands under its head on the right. */
export const isNumber = (kind: ReportColumnKind): boolean => numbers.has(kind);

/** The currency of a row's amounts. */
export const currencyOf = (row: ReportRow): string => String(row.currency ?? 'XXX');
