import { PropertyUpdated } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertMaySee, assertVersion } from '../properties.policies';
import { type Property, changeProperty } from '../property';
import { PropertyStore } from '../property.store';
import { UpdateProperty } from './update-property.command';

@CommandHandler(UpdateProperty)
export class UpdatePropertyHandler implements ICommandHandler<UpdateProperty> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: PropertyStore,
  ) {}

  async execute({ context, propertyId, changes, ifVersion }: UpdateProperty): Promise<Committed<Property>> {
    assertMaySee(context.principal, propertyId);
    return this.unitOfWork.run(context, async (transaction) => {
      const { property, version } = await this.store.load(transaction, propertyId);
      assertVersion(version, ifVersion);
      const changed = changeProperty(property, changes);
      if (!changed) return property;
      this.store.save(transaction, changed);
      const { id, ...rest } = changed;
      transaction.record(PropertyUpdated({ propertyId: id, ...rest }, { propertyId: id, entityId: id }));
      return changed;
    });
  }
}
