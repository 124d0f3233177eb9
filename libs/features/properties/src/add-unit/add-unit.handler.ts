import { UnitAdded, businessDay } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { assertMaySee } from '../properties.policies';
import { unitNameTaken } from '../properties.problems';
import { PropertyStore } from '../property.store';
import { type Unit, addUnit, unitSnapshotOf } from '../unit';
import { UnitStore } from '../unit.store';
import { AddUnit } from './add-unit.command';

@CommandHandler(AddUnit)
export class AddUnitHandler implements ICommandHandler<AddUnit> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyStore,
    private readonly units: UnitStore,
  ) {}

  async execute({ context, propertyId, input }: AddUnit): Promise<Committed<Unit>> {
    assertMaySee(context.principal, propertyId);
    return this.unitOfWork.run(
      context,
      async (transaction) => {
        const { property } = await this.properties.load(transaction, propertyId);
        const today = businessDay(new Date(), property.timeZone, property.businessDayStartsAt);
        const unit = addUnit(uuidv7(), propertyId, input, today);
        this.units.add(transaction, unit);
        transaction.record(UnitAdded(unitSnapshotOf(unit), { propertyId, entityId: unit.id }));
        return unit;
      },
      { constraints: { units_name: unitNameTaken } },
    );
  }
}
