import { OrganizationExportRequested } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuid } from 'uuid';
import type { Export } from '../export';
import { ExportStore } from '../export.store';
import { assertMayExport } from '../exports.policies';
import { RequestExport } from './request-export.command';

const nothingYet = { position: null, bytes: null, sha256: null, expiresAt: null };

@CommandHandler(RequestExport)
export class RequestExportHandler implements ICommandHandler<RequestExport> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: ExportStore,
  ) {}

  async execute({ context }: RequestExport): Promise<Committed<Export>> {
    assertMayExport(context.principal);
    const asked: Export = {
      id: uuid(),
      status: 'waiting',
      askedBy: context.principal.userId,
      askedAt: new Date().toISOString(),
      progress: { tables: 0, tablesDone: 0, rows: 0 },
      ...nothingYet,
    };
    return this.unitOfWork.run(context, async (transaction) => {
      const underWay = await this.store.underWay(transaction);
      if (underWay) return underWay;
      this.store.add(transaction, asked);
      transaction.record(OrganizationExportRequested({ exportId: asked.id }, { entityId: asked.id }));
      return asked;
    });
  }
}
