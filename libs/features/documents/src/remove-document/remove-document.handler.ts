import { DocumentOwners } from '@innkeep/contracts';
import { type Committed, type OrganizationTransaction, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { kindRules } from '../document-kinds';
import { DocumentStore, type StoredDocument } from '../document.store';
import { assertMayDelete } from '../documents.policies';
import { refuse } from '../documents.problems';
import { DeleteDocument } from './remove-document.command';
import { removeDocument } from './removed';

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
      return removeDocument(this.store, transaction, found, 'deleted');
    });
  }

  /** What proves something that stands in the books stays; a receipt of what was never approved, or is gone, may go. */
  private async assertNotKept(
    transaction: OrganizationTransaction,
    { kind, subject, retainUntil }: StoredDocument,
  ): Promise<void> {
    if (kindRules[kind].keptYears === undefined || !retainUntil || retainUntil <= new Date()) return;
    const facts = await this.owners.find(transaction, subject, new Date());
    if (facts?.isSettled)
      throw refuse(
        'document-kept',
        `What it belongs to stands in the books: it is kept until ${retainUntil.toISOString()}.`,
      );
  }
}
