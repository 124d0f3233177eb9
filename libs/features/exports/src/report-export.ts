import { exportableReports, reportFormats } from '@innkeep/contracts';
import { dayParameter, shapes } from '@innkeep/platform/http';
import { z } from 'zod';
import { exportStatuses } from './export';

/** What a report is asked for with. */
export const reportRequest = z
  .strictObject({
    report: z
      .enum(exportableReports)
      .describe(
        '`daily-report`: a row for each business day; `monthly-report`: for each month; `profit-loss`: for each category in each month; `transactions`: each expense and revenue, whatever was decided about it; `attendance`: each shift; `leave`: each leave request, whatever was decided about it; `stays`: each party that was, is or is to be there; `occupancy`: each business day',
      )
      .meta({ example: 'daily-report' }),
    format: z
      .enum(reportFormats)
      .describe('`csv` of any length; `xlsx` of 100,000 rows and `pdf` of 2,000 at most')
      .meta({ example: 'pdf' }),
    propertyId: z.int().min(1).max(Number.MAX_SAFE_INTEGER).meta({ example: 1000 }),
    from: dayParameter.describe('The first business day').meta({ example: '2026-03-01' }),
    to: dayParameter.describe('The last business day').meta({ example: '2026-03-31' }),
  })
  .meta({
    example: { report: 'daily-report', format: 'pdf', propertyId: 1000, from: '2026-03-01', to: '2026-03-31' },
  });
export type ReportRequest = z.output<typeof reportRequest>;

/** Why there will be no file. */
export const failures = ['too-many-rows', 'not-made'] as const;
export type Failure = (typeof failures)[number];

/** A report as a file, as whoever asked for it sees it. */
export const reportExportAnswer = z
  .object({
    id: shapes.uuidId,
    ...reportRequest.shape,
    status: z
      .enum(exportStatuses)
      .describe('`ready`: the file is there; `removed`: it was; `failed`: see `failure`')
      .meta({ example: 'ready' }),
    failure: z
      .enum(failures)
      .nullable()
      .describe('`too-many-rows`: more than the format can hold, ask for `csv`; `not-made`: ask again')
      .meta({ example: null }),
    askedBy: shapes.numericId,
    askedAt: shapes.instant,
    progress: z.object({
      percent: z.int().min(0).max(100).meta({ example: 100 }),
      rows: shapes.count,
      rowsTotal: shapes.count,
    }),
    position: shapes.position.nullable().describe('The version of the organization that the file shows'),
    bytes: shapes.count.nullable(),
    sha256: shapes.text('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08').nullable(),
    expiresAt: shapes.instant.nullable().describe('When the file is removed'),
  })
  .meta({ id: 'ReportExport' });
export type ReportExport = z.output<typeof reportExportAnswer>;

/** How many rows a file of a format holds at most: a sheet is put together in memory, pages are laid out one by one. */
export const rowLimits = { csv: Infinity, xlsx: 100_000, pdf: 2_000 } as const;

/** How many reports of an organization wait or are being made at a time. */
export const UNDER_WAY = 50;
