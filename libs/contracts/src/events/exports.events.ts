import { z } from 'zod';
import { exportableReports, reportFormats } from '../report-exports';
import { defineEvent } from './define-event';

/** Somebody asked for a report as a file. Days are business days of the property, both included. */
export const ReportExportRequested = defineEvent(
  'ReportExportRequested',
  1,
  z.object({
    exportId: z.uuid(),
    propertyId: z.number(),
    report: z.enum(exportableReports),
    format: z.enum(reportFormats),
    from: z.string(),
    to: z.string(),
  }),
);

/** How far the file of a report is. One that is small is ready at once and has one such event. */
export const ReportExportProgressed = defineEvent(
  'ReportExportProgressed',
  1,
  z.object({
    exportId: z.uuid(),
    propertyId: z.number(),
    status: z.enum(['making', 'ready', 'failed']),
    percent: z.number().int(),
  }),
);

/** Somebody got a link to the file of a report: one for each link. */
export const ReportExportLinkIssued = defineEvent(
  'ReportExportLinkIssued',
  1,
  z.object({ exportId: z.uuid(), propertyId: z.number(), expiresAt: z.iso.datetime() }),
);
