import { DocumentLinkIssued, DocumentOwners } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { aboutDocument, eventSubject } from '../document-events';
import { isOfGuest } from '../document';
import { kindRules, mayBeInline } from '../document-kinds';
import { DocumentStore } from '../document.store';
import { assertMayRead } from '../documents.policies';
import { type DecidedLink, IssueDocumentLink } from './issue-document-link.command';

@CommandHandler(IssueDocumentLink)
export class IssueDocumentLinkHandler implements ICommandHandler<IssueDocumentLink> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: DocumentStore,
    private readonly owners: DocumentOwners,
  ) {}

  async execute({ context, id, input }: IssueDocumentLink): Promise<Committed<DecidedLink>> {
    const { principal, requestId } = context;
    // Without the idempotency key: each issue is to be noted.
    return this.unitOfWork.run({ principal, requestId }, async (transaction) => {
      const found = await this.store.load(transaction, id);
      assertMayRead(principal, found);
      if (found.status !== 'complete') throw notFound('document');
      // Whoever may not be known any more is shown to nobody, also while what belongs to them is on its way out.
      if (isOfGuest(found.subject) && !(await this.owners.find(transaction, found.subject, new Date())))
        throw notFound('document');
      if (input.variant === 'preview' && found.view.preview !== 'ready') throw notFound('preview');
      const { usual, most } = kindRules[found.kind].linkMinutes;
      const minutes = Math.min(input.minutes ?? usual, most);
      const expiresAt = new Date(Date.now() + minutes * 60_000).toISOString();
      const event = { ...aboutDocument(found), purpose: input.purpose, expiresAt };
      transaction.record(DocumentLinkIssued(event, eventSubject(found)));
      return { expiresAt, disposition: mayBeInline(found.mediaType) ? input.disposition : 'attachment' };
    });
  }
}
