import { UnitChanged } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertMaySee, assertVersion } from '../properties.policies';
import { unitNameTaken } from '../properties.problems';
import { type Unit, changeUnit, unitSnapshotOf } from '../unit';
import { UnitStore } from '../unit.store';
import { ChangeUnit } from './change-unit.command';

@CommandHandler(ChangeUnit)
export class ChangeUnitHandler implements ICommandHandler<ChangeUnit> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly units: UnitStore,
  ) {}

  async execute({ context, propertyId, unitId, changes, ifVersion }: ChangeUnit): Promise<Committed<Unit>> {
    assertMaySee(context.principal, propertyId);
    return this.unitOfWork.run(
      context,
      async (transaction) => {
        const { unit, version } = await this.units.load(transaction, propertyId, unitId);
        assertVersion(version, ifVersion);
        const changed = changeUnit(unit, changes);
        if (!changed) return unit;
        this.units.save(transaction, changed);
        transaction.record(UnitChanged(unitSnapshotOf(changed), { propertyId, entityId: unitId }));
        return changed;
      },
      { constraints: { units_name: unitNameTaken } },
    );
  }
}
