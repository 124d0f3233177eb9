import { PropertyCreated, QuotaPort } from '@innkeep/contracts';
import { type Committed, Directory, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertMayCreate } from '../properties.policies';
import type { Property } from '../property';
import { PropertyStore, countProperties } from '../property.store';
import { CreateProperty } from './create-property.command';

@CommandHandler(CreateProperty)
export class CreatePropertyHandler implements ICommandHandler<CreateProperty> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: Directory,
    private readonly store: PropertyStore,
    private readonly quotas: QuotaPort,
  ) {}

  async execute({ context, input }: CreateProperty): Promise<Committed<Property>> {
    assertMayCreate(context.principal);
    const id = await this.directory.nextId('property');
    // Before the commit, so that no property exists that the directory does not know; the other way round does no harm.
    await this.directory.registerProperty(id, context.principal.organizationId);
    return this.unitOfWork.run(context, async (transaction) => {
      await this.quotas.claim(transaction, 'properties', 1, () => countProperties(transaction));
      const property: Property = { id, ...input };
      this.store.add(transaction, property);
      const { id: propertyId, ...rest } = property;
      transaction.record(PropertyCreated({ propertyId, ...rest }, { propertyId, entityId: propertyId }));
      return property;
    });
  }
}
