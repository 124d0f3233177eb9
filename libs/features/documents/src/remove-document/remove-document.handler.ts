import { DocumentOwners, DocumentRemoved } from '@innkeep/contracts';
import { type Committed, type OrganizationTransaction, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { aboutDocument, eventSubject } from '../document-events';
import { kindRules } from '../document-kinds';
import { DocumentStore, type StoredDocument } from '../document.store';
import { assertMayDelete } from '../documents.policies';
import { refuse } from '../documents.problems';
import { DeleteDocument, RemoveExpiredDocument } from './remove-document.command';

type Reason = 'deleted' | 'retention' | 'erasure';

function remove(
  store: DocumentStore,
  transaction: OrganizationTransaction,
  found: StoredDocument,
  reason: Reason,
): null {
  store.remove(transaction, found.id);
  const event = { ...aboutDocument(found), reason, assetHash: found.assetHash };
  transaction.record(DocumentRemoved(event, eventSubject(found)));
  return null;
}

@CommandHandler(DeleteDocument)
export class DeleteDocumentHandler implements ICommandHandler<DeleteDocument> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: DocumentStore,
    private readonly owners: DocumentOwners,
  ) {}

  execute({ context, id }: DeleteDocument): Promise<Committed<null>> {
    return this.unitOfWork.run(context, async (transaction) => {
      const found = await this.store.load(transaction, id);
      assertMayDelete(context.principal, found);
      if (found.status !== 'complete') throw notFound('document');
      await this.assertNotKept(transaction, found);
      return remove(this.store, transaction, found, 'deleted');
    });
  }

  /** What proves something that stands in the books stays; a receipt of what was never approved, or is gone, may go. */
  private async assertNotKept(
    transaction: OrganizationTransaction,
    { kind, subject, retainUntil }: StoredDocument,
  ): Promise<void> {
    if (kindRules[kind].keptYears === undefined || !retainUntil || retainUntil <= new Date()) return;
    const facts = await this.owners.of(subject.kind)?.find(transaction, subject.id);
    if (facts?.isSettled)
      throw refuse(
        'document-kept',
        `What it belongs to stands in the books: it is kept until ${retainUntil.toISOString()}.`,
      );
  }
}

@CommandHandler(RemoveExpiredDocument)
export class RemoveExpiredDocumentHandler implements ICommandHandler<RemoveExpiredDocument> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: DocumentStore,
  ) {}

  execute({ context, id, now }: RemoveExpiredDocument): Promise<Committed<null>> {
    return this.unitOfWork.run(context, async (transaction) => {
      const found = await this.store.load(transaction, id);
      const isOver = found?.status === 'complete' && found.retainUntil !== null && found.retainUntil <= now;
      return isOver ? remove(this.store, transaction, found, 'retention') : null;
    });
  }
}
