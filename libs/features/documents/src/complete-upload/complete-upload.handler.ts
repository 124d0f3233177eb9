import { DocumentAdded, UploadRefused } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { DocumentView } from '../document';
import { aboutDocument, eventSubject } from '../document-events';
import { hasPreview, kindRules } from '../document-kinds';
import { DocumentStore } from '../document.store';
import { refuse } from '../documents.problems';
import { CompleteUpload, type CompletedUpload } from './complete-upload.command';

@CommandHandler(CompleteUpload)
export class CompleteUploadHandler implements ICommandHandler<CompleteUpload> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: DocumentStore,
  ) {}

  async execute({ context, id, verdict }: CompleteUpload): Promise<Committed<CompletedUpload>> {
    return this.unitOfWork.run(context, async (transaction) => {
      const found = await this.store.load(transaction, id);
      if (!found || found.addedBy !== context.principal.userId || found.status === 'removed') throw notFound('upload');
      const { status, refusal, file, view } = found;
      if (status === 'complete' || status === 'refused') return { document: view, refusal, file };
      if (status === 'abandoned') throw refuse('upload-closed', 'Nobody completed it in time. Start another one.');
      if (!verdict) throw refuse('upload-incomplete', 'Put the file where the upload says, and complete it then.');
      const about = aboutDocument(found);
      if (verdict.refusal) {
        this.store.refuse(transaction, id, verdict.file, verdict.refusal);
        transaction.record(UploadRefused({ ...about, reason: verdict.refusal }, eventSubject(found)));
        return { document: { ...view, status: 'refused' }, refusal: verdict.refusal, file: verdict.file };
      }
      const { mediaType, bytes, sha256 } = found;
      const document = completed(view);
      this.store.complete(transaction, id, verdict.file, document);
      transaction.record(DocumentAdded({ ...about, mediaType, bytes, sha256 }, eventSubject(found)));
      return { document, refusal: null, file: verdict.file };
    });
  }
}

function completed(view: DocumentView): DocumentView {
  const now = new Date();
  const { keptYears } = kindRules[view.kind];
  const retainUntil = new Date(now);
  retainUntil.setUTCFullYear(now.getUTCFullYear() + (keptYears ?? 0));
  return {
    ...{ ...view, status: 'complete', completedAt: now.toISOString() },
    retainUntil: keptYears === undefined ? null : retainUntil.toISOString(),
    preview: hasPreview(view.mediaType) ? 'waiting' : 'none',
  };
}
