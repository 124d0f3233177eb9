/** A column of an export that is not simply the column of the table. */
export interface ExportedColumn {
  readonly name: string;
  /** An SQL expression over the table's columns. */
  readonly as: string;
}

/** A table as an export gives it: the rows of one organization. */
export interface ExportedTable {
  /** With its schema. */
  readonly table: string;
  readonly columns: readonly (string | ExportedColumn)[];
  /** Columns that stay behind because they are secrets or of no use elsewhere, and why. */
  readonly withheld?: Readonly<Record<string, string>>;
  /** What orders the rows, behind bucket and organization: together unique, never null, and led by an index. */
  readonly key: readonly string[];
}

/** What is taken along when an organization takes its data with it. */
export interface Exported {
  readonly tables: readonly ExportedTable[];
  /** Tables that stay behind as a whole, and why. */
  readonly leftOut?: Readonly<Record<string, string>>;
}
