import { LeaveTypeRetired } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LeaveTypeStore } from '../leave-type.store';
import { assertVersion } from '../staff.policies';
import { RetireLeaveType } from './retire-leave-type.command';

@CommandHandler(RetireLeaveType)
export class RetireLeaveTypeHandler implements ICommandHandler<RetireLeaveType> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: LeaveTypeStore,
  ) {}

  execute({ context, id, ifVersion }: RetireLeaveType): Promise<Committed<null>> {
    return this.unitOfWork.run(context, async (unit) => {
      const loaded = await this.store.load(unit, id);
      if (!loaded) throw notFound('leave');
      assertVersion(loaded.version, ifVersion);
      this.store.save(unit, loaded.type, true);
      unit.record(LeaveTypeRetired(loaded.type, { entityId: id }));
      return null;
    });
  }
}
