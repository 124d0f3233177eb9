import { ShiftEnded } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { locationText } from '../geofence';
import { LocationStore } from '../location.store';
import { PropertyRulesStore } from '../property-rules.store';
import { endShift, shiftView, snapshotOf } from '../shift';
import { ShiftStore } from '../shift.store';
import type { ShiftView } from '../staff.answers';
import { refuse } from '../staff.problems';
import { CheckOut } from './check-out.command';

@CommandHandler(CheckOut)
export class CheckOutHandler implements ICommandHandler<CheckOut> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly shifts: ShiftStore,
    private readonly rules: PropertyRulesStore,
    private readonly locations: LocationStore,
  ) {}

  execute({ context, input }: CheckOut): Promise<Committed<ShiftView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const open = await this.shifts.loadOpen(unit, context.principal.userId);
      if (!open) throw refuse('not-checked-in', 'Check in first. A shift that you forgot to end can be corrected.');
      const rules = await this.rules.find(unit, open.propertyId);
      const shift = endShift(open, rules, new Date(), input.location);
      const location = locationText(rules.geofence, input.location);
      this.shifts.save(unit, shift);
      // By the month of the beginning: both places of a shift are forgotten together.
      if (location) this.locations.keep(unit, shift.userId, shift.startedAt.slice(0, 7));
      const about = { propertyId: shift.propertyId, entityId: shift.shiftId };
      unit.record(ShiftEnded({ ...snapshotOf(shift), location }, about));
      return shiftView(shift);
    });
  }
}
