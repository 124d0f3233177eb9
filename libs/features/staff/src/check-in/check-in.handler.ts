import { PropertyPort, ShiftStarted } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { locationText } from '../geofence';
import { LocationStore } from '../location.store';
import { PropertyRulesStore } from '../property-rules.store';
import { assertNotOpen, shiftView, snapshotOf, startShift } from '../shift';
import { ShiftStore } from '../shift.store';
import type { ShiftView } from '../staff.answers';
import { propertyFor } from '../staff.policies';
import { alreadyCheckedIn } from '../staff.problems';
import { CheckIn } from './check-in.command';

@CommandHandler(CheckIn)
export class CheckInHandler implements ICommandHandler<CheckIn> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly shifts: ShiftStore,
    private readonly rules: PropertyRulesStore,
    private readonly locations: LocationStore,
  ) {}

  execute({ context, input }: CheckIn): Promise<Committed<ShiftView>> {
    const { principal } = context;
    return this.unitOfWork.run(
      context,
      async (unit) => {
        const properties = await this.properties.find(unit, [input.propertyId]);
        const property = propertyFor(principal, properties, input.propertyId);
        assertNotOpen(await this.shifts.loadOpen(unit, principal.userId));
        const rules = await this.rules.find(unit, property.id);
        const shift = startShift(uuidv7(), principal.userId, property, rules, new Date(), input.location);
        const location = locationText(rules.geofence, input.location);
        this.shifts.add(unit, shift);
        if (location) this.locations.keep(unit, shift.userId, shift.startedAt.slice(0, 7));
        const about = { propertyId: property.id, entityId: shift.shiftId };
        unit.record(ShiftStarted({ ...snapshotOf(shift), location }, about));
        return shiftView(shift);
      },
      { constraints: { shifts_open: alreadyCheckedIn } },
    );
  }
}
