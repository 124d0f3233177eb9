import { PropertyPort, ReportExportRequested } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { assertRange, notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuid } from 'uuid';
import { assertMayExportReports, assertSeesProperty } from '../exports.policies';
import type { ReportExport } from '../report-export';
import { ReportExportStore } from '../report-export.store';
import { RequestReport } from './request-report.command';

const nothingYet = { failure: null, position: null, bytes: null, sha256: null, expiresAt: null };

@CommandHandler(RequestReport)
export class RequestReportHandler implements ICommandHandler<RequestReport> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: ReportExportStore,
    private readonly properties: PropertyPort,
  ) {}

  async execute({ context, request }: RequestReport): Promise<Committed<ReportExport>> {
    const { propertyId } = request;
    assertMayExportReports(context.principal);
    assertSeesProperty(context.principal, propertyId);
    assertRange(request);
    const asked: ReportExport = {
      id: uuid(),
      ...request,
      status: 'waiting',
      askedBy: context.principal.userId,
      askedAt: new Date().toISOString(),
      progress: { percent: 0, rows: 0, rowsTotal: 0 },
      ...nothingYet,
    };
    return this.unitOfWork.run(context, async (transaction) => {
      const property = (await this.properties.find(transaction, [propertyId])).get(propertyId);
      if (!property) throw notFound('property');
      await this.store.assertRoom(transaction);
      this.store.add(transaction, asked, property);
      transaction.record(ReportExportRequested({ exportId: asked.id, ...request }, { propertyId, entityId: asked.id }));
      return asked;
    });
  }
}
