import { DocumentRemoved, StoragePort, tags } from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { FileStorage, SignedLinks } from '@innkeep/platform/files';
import { AssetsController } from './assets.controller';
import { CompleteUploadHandler } from './complete-upload/complete-upload.handler';
import { foldersOf } from './document';
import { DocumentLinks } from './document-links';
import { DocumentStore } from './document.store';
import { DocumentFilesController, DocumentsController } from './documents.controllers';
import { documentsMigrations } from './documents.migrations';
import { GetAssetHandler } from './get-asset/get-asset.query';
import { GetDocumentHandler } from './get-document/get-document.query';
import { GetFileOfDocumentHandler } from './get-file/get-file.query';
import { GetUploadHandler } from './get-upload/get-upload.query';
import { IssueDocumentLinkHandler } from './issue-document-link/issue-document-link.handler';
import { ListDocumentsHandler } from './list-documents/list-documents.query';
import { RemoveExpiredDocument, RemoveGuestDocument } from './remove-document/remove-document.command';
import { DeleteDocumentHandler } from './remove-document/remove-document.handler';
import { RemoveExpiredDocumentHandler, RemoveGuestDocumentHandler } from './remove-document/remove-in-time.handler';
import { StorageAnswers } from './storage-answers.store';
import { StartUploadHandler } from './start-upload/start-upload.handler';
import { UploadCheck } from './upload-check';
import { UploadLinks } from './upload-links';
import { UploadContentController, UploadsController } from './uploads.controllers';

export const documents = defineFeature({
  name: 'documents',
  migrations: documentsMigrations,
  housekeeping: ['documents.delete_old'],
  timed: [
    {
      name: 'documents-retention',
      everySeconds: 3_600,
      due: 'documents.retention_due',
      command: (context, id, now) => new RemoveExpiredDocument(context, id, now),
    },
    {
      // Often, because whoever is erased waits for it.
      name: 'remove-guest-documents',
      everySeconds: 5,
      due: 'documents.guest_documents_due',
      command: (context, id, now) => new RemoveGuestDocument(context, id, now),
    },
  ],
  commands: [
    StartUploadHandler,
    CompleteUploadHandler,
    IssueDocumentLinkHandler,
    DeleteDocumentHandler,
    RemoveExpiredDocumentHandler,
    RemoveGuestDocumentHandler,
  ],
  queries: [GetUploadHandler, GetDocumentHandler, ListDocumentsHandler, GetFileOfDocumentHandler, GetAssetHandler],
  controllers: [
    UploadsController,
    UploadContentController,
    DocumentsController,
    DocumentFilesController,
    AssetsController,
  ],
  providers: [DocumentStore, { provide: StoragePort, useClass: StorageAnswers }],
  httpProviders: [
    {
      provide: UploadLinks,
      inject: [FileStorage, SignedLinks],
      useFactory: (storage: FileStorage, links: SignedLinks) => new UploadLinks(storage, links),
    },
    { provide: DocumentLinks, inject: [SignedLinks], useFactory: (links: SignedLinks) => new DocumentLinks(links) },
    { provide: UploadCheck, inject: [FileStorage], useFactory: (storage: FileStorage) => new UploadCheck(storage) },
  ],
  touches: [touch(DocumentRemoved, ({ data }) => assetTags(data as { assetHash: string | null }))],
  folders: foldersOf,
  exported: {
    tables: [
      {
        table: 'documents.documents',
        columns: [
          ...[
            'id',
            'status',
            'kind',
            'subject_kind',
            'subject_id',
            'property_id',
            'name',
            'media_type',
            'bytes',
            'sha256',
          ],
          ...[
            'started_by',
            'started_at',
            'upload_until',
            'completed_at',
            'retain_until',
            'ended_at',
            'refusal',
            'preview',
          ],
          ...['width', 'height', 'asset_hash', 'asset_bytes', 'version'],
        ],
        withheld: {
          file: 'where the file is kept, of no use elsewhere',
          attempts: 'work under way',
          due_at: 'work under way',
          review_at: 'work under way',
        },
        key: ['id'],
      },
    ],
  },
});

const assetTags = ({ assetHash }: { readonly assetHash: string | null }) =>
  assetHash === null ? [] : [tags.asset(assetHash)];
