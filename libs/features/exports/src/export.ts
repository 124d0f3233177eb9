import type { ReportFormat } from '@innkeep/contracts';
import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';

export const exportStatuses = ['waiting', 'making', 'ready', 'failed', 'removed'] as const;
export type ExportStatus = (typeof exportStatuses)[number];

/** An export as its owners see it. */
export const exportAnswer = z
  .object({
    id: shapes.uuidId,
    status: z
      .enum(exportStatuses)
      .describe('`ready`: the file is there; `removed`: it was; `failed`: ask for another export')
      .meta({ example: 'ready' }),
    askedBy: shapes.numericId,
    askedAt: shapes.instant,
    progress: z
      .object({ tables: shapes.count, tablesDone: shapes.count, rows: shapes.count })
      .describe('How many tables there are, and how many of them and of their rows are written'),
    position: shapes.position.nullable().describe('The version of the organization that the file shows'),
    bytes: shapes.count.nullable(),
    sha256: shapes.text('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08').nullable(),
    expiresAt: shapes.instant.nullable().describe('When the file is removed'),
  })
  .meta({ id: 'Export' });
export type Export = z.output<typeof exportAnswer>;

/** How long a file is kept, and a link leads to it. */
export const FILE_HOURS = 24;
export const LINK_SECONDS = 3_600;

/** Where the file of an export is kept. */
export const fileOf = (organizationId: number, id: string): string => `${folderOf(organizationId)}/${id}.tar.gz`;

/** Where the file of a report is kept. */
export const reportFileOf = (organizationId: number, id: string, format: ReportFormat): string =>
  `${folderOf(organizationId)}/${id}.${format}`;

/** Where all files of an organization are kept. */
export const folderOf = (organizationId: number): string => `exports/${organizationId}`;
