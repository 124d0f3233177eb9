import { type DocumentKeeping, dueDocuments, workOnDocument } from '@innkeep/features/documents';
import type { DueWork } from './due-work';

/** Draws the small images of documents, removes files and gives up uploads. */
export const keepingDocuments = (keeping: DocumentKeeping): DueWork => ({
  things: 'documents',
  batch: 50,
  counted: {
    name: 'documents_kept_total',
    help: 'Documents that were drawn, removed or given up, and attempts that failed',
  },
  due: dueDocuments,
  work: (key) => workOnDocument(keeping, key),
});
