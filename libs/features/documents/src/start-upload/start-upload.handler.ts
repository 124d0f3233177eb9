import { DocumentOwners, QuotaPort, StoragePort } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuid } from 'uuid';
import { type DocumentView, type StartedUpload, UPLOAD_MINUTES, keptName, subjectOf } from '../document';
import { DocumentStore } from '../document.store';
import { assertMayUpload, ownerFor } from '../documents.policies';
import { StartUpload } from './start-upload.command';

const nothingYet = {
  completedAt: null,
  retainUntil: null,
  preview: 'none',
  width: null,
  height: null,
  assetUrl: null,
} as const;

@CommandHandler(StartUpload)
export class StartUploadHandler implements ICommandHandler<StartUpload> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: DocumentStore,
    private readonly owners: DocumentOwners,
    private readonly quotas: QuotaPort,
    private readonly storage: StoragePort,
  ) {}

  async execute({ context, input }: StartUpload): Promise<Committed<StartedUpload>> {
    const { principal } = context;
    assertMayUpload(principal, input);
    const subject = subjectOf(input.subject);
    const startedAt = new Date();
    const uploadUntil = new Date(startedAt.getTime() + UPLOAD_MINUTES * 60_000);
    return this.unitOfWork.run(context, async (transaction) => {
      const { propertyId } = ownerFor(principal, await this.owners.find(transaction, subject, startedAt));
      const used = () => this.storage.usedBytes(transaction);
      await this.quotas.claim(transaction, 'storageBytes', input.bytes, used);
      const view: DocumentView = {
        ...{ id: uuid(), status: 'started', ...input, name: keptName(input), propertyId, addedBy: principal.userId },
        startedAt: startedAt.toISOString(),
        ...nothingYet,
      };
      this.store.add(transaction, { view, subject, uploadUntil });
      return { document: view, uploadUntil: uploadUntil.toISOString() };
    });
  }
}
