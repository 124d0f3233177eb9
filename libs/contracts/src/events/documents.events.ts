import { z } from 'zod';
import { defineEvent } from './define-event';

export const documentKinds = ['guest-id', 'receipt', 'task-image', 'logo', 'other'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** Which document, and what it belongs to. Never its name: people write the names of guests there. */
const about = {
  documentId: z.uuid(),
  kind: z.enum(documentKinds),
  /** As in `transaction:0198…`. */
  subject: z.string(),
  propertyId: z.number().nullable(),
};

/** A file was put, and is what it was said to be. */
export const DocumentAdded = defineEvent(
  'DocumentAdded',
  1,
  z.object({
    ...about,
    ...{ mediaType: z.string(), bytes: z.number() },
    /** Empty for documents of guests. */
    sha256: z.string(),
  }),
);

/** A file was put that is not what it was said to be. Nothing of it was kept. */
export const UploadRefused = defineEvent('UploadRefused', 1, z.object({ ...about, reason: z.string() }));

/** Somebody got a link to a document: one for each link. */
export const DocumentLinkIssued = defineEvent(
  'DocumentLinkIssued',
  1,
  z.object({ ...about, purpose: z.string(), expiresAt: z.iso.datetime() }),
);

/** A document is gone: somebody deleted it, its time was over, or the person that it is about was erased. */
export const DocumentRemoved = defineEvent(
  'DocumentRemoved',
  1,
  z.object({ ...about, reason: z.enum(['deleted', 'retention', 'erasure']), assetHash: z.string().nullable() }),
);

/** An image can be seen by everybody who knows its address. */
export const AssetPublished = defineEvent('AssetPublished', 1, z.object({ ...about, assetHash: z.string() }));
