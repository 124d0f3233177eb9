import { ReportExportLinkIssued } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertMayExportReports, assertSeesProperty } from '../exports.policies';
import { exportNotReady } from '../exports.problems';
import type { IssuedLink } from '../issue-link/issue-link.command';
import { ReportExportStore } from '../report-export.store';
import { IssueReportLink } from './issue-report-link.command';

@CommandHandler(IssueReportLink)
export class IssueReportLinkHandler implements ICommandHandler<IssueReportLink> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: ReportExportStore,
  ) {}

  async execute({ context, id, link }: IssueReportLink): Promise<Committed<IssuedLink>> {
    const { principal, requestId } = context;
    assertMayExportReports(principal);
    // Without the idempotency key: its record would keep the link in the clear, and each issue is to be noted.
    return this.unitOfWork.run({ principal, requestId }, async (transaction) => {
      const found = await this.store.load(transaction, id, principal.userId);
      if (!found) throw notFound('export');
      // Whoever has lost the property since has lost its reports.
      assertSeesProperty(principal, found.propertyId);
      if (!found.isReady)
        throw exportNotReady('Wait until it is ready, or ask for another one if its file was removed.');
      const { propertyId } = found;
      transaction.record(
        ReportExportLinkIssued({ exportId: id, propertyId, expiresAt: link.expiresAt }, { propertyId, entityId: id }),
      );
      return link;
    });
  }
}
