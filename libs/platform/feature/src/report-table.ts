import type { ExportableReport } from '@innkeep/contracts';
import type { Sql } from '@innkeep/platform/database';

/**
 * What is in a column, and so how it is written. An amount is in minor units of the row's `currency`; `days` come in steps of a half; a
 * `rate` is a share of one.
 */
export type ReportColumnKind = 'amount' | 'count' | 'day' | 'days' | 'instant' | 'month' | 'rate' | 'text';

/** A column of a report. Where a row says nothing it has null. */
export interface ReportColumn {
  readonly name: string;
  /** As its head says it. */
  readonly title: string;
  readonly kind: ReportColumnKind;
}

/** Which part of the organization's data a report is about: one property and its business days, both included. */
export interface ReportRange {
  readonly bucket: number;
  readonly organizationId: number;
  readonly propertyId: number;
  readonly from: string;
  readonly to: string;
}

/** A report as a table. Its statements look at the feature's own tables, and answer rows with one column `row`: a JSON object by names of columns. */
export interface ReportTable {
  readonly name: ExportableReport;
  readonly title: string;
  readonly columns: readonly ReportColumn[];
  /** The read models that it is read from; none: the write model. */
  readonly projections: readonly string[];
  /** How many rows there are, as `count`. */
  count(range: ReportRange): Sql;
  /** The rows in their order. */
  rows(range: ReportRange): Sql;
  /** What they come to: where there are amounts, a row for each currency. */
  totals(range: ReportRange): Sql;
}
