import { DocumentAdded, DocumentOwners, UploadRefused } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type DocumentView, isOfGuest } from '../document';
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
    private readonly owners: DocumentOwners,
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
      const now = new Date();
      const owner = await this.owners.find(transaction, found.subject, now);
      const refusedFor = owner ? verdict.refusal : 'subject';
      if (refusedFor) {
        this.store.refuse(transaction, id, verdict.file, refusedFor);
        transaction.record(UploadRefused({ ...about, reason: refusedFor }, eventSubject(found)));
        return { document: { ...view, status: 'refused' }, refusal: refusedFor, file: verdict.file };
      }
      const { mediaType, bytes } = found;
      // The log is kept, and a checksum would for ever tell whose paper it was to who has the paper.
      const sha256 = isOfGuest(found.subject) ? '' : found.sha256;
      const document = completed(view, now);
      this.store.complete(transaction, document, { file: verdict.file, reviewAt: owner?.term?.notBefore ?? null });
      transaction.record(DocumentAdded({ ...about, mediaType, bytes, sha256 }, eventSubject(found)));
      return { document, refusal: null, file: verdict.file };
    });
  }
}

function completed(view: DocumentView, now: Date): DocumentView {
  const { keptYears } = kindRules[view.kind];
  const retainUntil = new Date(now);
  retainUntil.setUTCFullYear(now.getUTCFullYear() + (keptYears ?? 0));
  return {
    ...{ ...view, status: 'complete', completedAt: now.toISOString() },
    retainUntil: keptYears === undefined ? null : retainUntil.toISOString(),
    preview: hasPreview(view.mediaType) ? 'waiting' : 'none',
  };
}
