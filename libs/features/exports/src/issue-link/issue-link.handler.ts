import { OrganizationExportLinkIssued } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ExportStore } from '../export.store';
import { assertMayExport } from '../exports.policies';
import { exportNotReady } from '../exports.problems';
import { IssueLink, type IssuedLink } from './issue-link.command';

@CommandHandler(IssueLink)
export class IssueLinkHandler implements ICommandHandler<IssueLink> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: ExportStore,
  ) {}

  async execute({ context, id, link }: IssueLink): Promise<Committed<IssuedLink>> {
    const { principal, requestId } = context;
    assertMayExport(principal);
    // Without the idempotency key: its record would keep the link in the clear, and each issue is to be noted.
    return this.unitOfWork.run({ principal, requestId }, async (transaction) => {
      const found = await this.store.load(transaction, id);
      if (!found) throw notFound('export');
      if (!found.isReady)
        throw exportNotReady('Wait until it is ready, or ask for another one if its file was removed.');
      transaction.record(OrganizationExportLinkIssued({ exportId: id, expiresAt: link.expiresAt }, { entityId: id }));
      return link;
    });
  }
}
