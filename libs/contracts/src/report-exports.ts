/** The reports that can be had as files. Each is made by the one feature whose manifest has it. */
export const exportableReports = [
  'daily-report',
  'monthly-report',
  'profit-loss',
  'transactions',
  'attendance',
  'leave',
  'stays',
  'occupancy',
] as const;
export type ExportableReport = (typeof exportableReports)[number];

/** What kind of file a report can be: `csv` for programs, `xlsx` for spreadsheets, `pdf` to be printed. */
export const reportFormats = ['csv', 'xlsx', 'pdf'] as const;
export type ReportFormat = (typeof reportFormats)[number];
