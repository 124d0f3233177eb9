import { DocumentOwners } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isOfGuest } from '../document';
import { DocumentStore } from '../document.store';
import { RemoveExpiredDocument, RemoveGuestDocument } from './remove-document.command';
import { removeDocument } from './removed';

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
      return isOver ? removeDocument(this.store, transaction, found, 'retention') : null;
    });
  }
}

@CommandHandler(RemoveGuestDocument)
export class RemoveGuestDocumentHandler implements ICommandHandler<RemoveGuestDocument> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: DocumentStore,
    private readonly owners: DocumentOwners,
  ) {}

  execute({ context, id, now }: RemoveGuestDocument): Promise<Committed<null>> {
    return this.unitOfWork.run(context, async (transaction) => {
      const found = await this.store.load(transaction, id);
      if (!found || !isOfGuest(found.subject) || (found.status !== 'complete' && found.status !== 'started'))
        return null;
      const facts = await this.owners.of(found.subject.kind)!.find(transaction, found.subject.id, now);
      if (!facts) return removeDocument(this.store, transaction, found, 'erasure');
      if (found.status === 'started' || !facts.term) return null;
      const { endsAt, notBefore } = facts.term;
      if (endsAt !== null && new Date(endsAt) <= now)
        return removeDocument(this.store, transaction, found, 'retention');
      this.store.review(transaction, id, notBefore);
      return null;
    });
  }
}
