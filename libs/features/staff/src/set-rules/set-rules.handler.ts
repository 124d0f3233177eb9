import { isDeepStrictEqual } from 'node:util';
import { PropertyPort, StaffRulesChanged, maySeeProperty } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PropertyRulesStore } from '../property-rules.store';
import type { StaffRulesView } from '../staff-rules';
import { SetStaffRules } from './set-rules.command';

@CommandHandler(SetStaffRules)
export class SetStaffRulesHandler implements ICommandHandler<SetStaffRules> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly store: PropertyRulesStore,
  ) {}

  execute({ context, propertyId, rules }: SetStaffRules): Promise<Committed<StaffRulesView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const properties = await this.properties.find(unit, [propertyId]);
      if (!maySeeProperty(context.principal, propertyId) || !properties.has(propertyId)) throw notFound('property');
      if (!isDeepStrictEqual(await this.store.find(unit, propertyId), rules)) {
        this.store.save(unit, propertyId, rules);
        unit.record(StaffRulesChanged({ propertyId, ...rules }, { propertyId, entityId: propertyId }));
      }
      return { propertyId, ...rules };
    });
  }
}
