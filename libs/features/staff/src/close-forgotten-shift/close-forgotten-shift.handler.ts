import { ShiftClosed } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { closeForgotten, snapshotOf } from '../shift';
import { ShiftStore } from '../shift.store';
import { CloseForgottenShift } from './close-forgotten-shift.command';

@CommandHandler(CloseForgottenShift)
export class CloseForgottenShiftHandler implements ICommandHandler<CloseForgottenShift> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly shifts: ShiftStore,
  ) {}

  execute({ context, shiftId, now }: CloseForgottenShift): Promise<Committed<null>> {
    return this.unitOfWork.run(context, async (unit) => {
      const shift = await this.shifts.load(unit, shiftId);
      const closed = shift && closeForgotten(shift, now);
      if (!closed) return null;
      this.shifts.save(unit, closed);
      unit.record(ShiftClosed(snapshotOf(closed), { propertyId: closed.propertyId, entityId: shiftId }));
      return null;
    });
  }
}
