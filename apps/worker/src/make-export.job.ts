import { type ExportMaking, dueExports, workOnExport } from '@innkeep/features/exports';
import type { DueWork } from './due-work';

/** Makes exports, and removes their files when their time is over. */
export const makingExports = (making: ExportMaking): DueWork => ({
  things: 'exports',
  batch: 20,
  counted: { name: 'exports_total', help: 'Exports of organizations that were made, removed or failed' },
  due: dueExports,
  work: (key) => workOnExport(making, key),
});
