import { isDeepStrictEqual } from 'node:util';
import { LeaveTypeChanged } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { changeLeaveType, leaveTypeView } from '../leave-type';
import { LeaveTypeStore } from '../leave-type.store';
import type { LeaveTypeView } from '../staff.answers';
import { assertVersion } from '../staff.policies';
import { leaveTypeNameTaken } from '../staff.problems';
import { ChangeLeaveType } from './change-leave-type.command';

@CommandHandler(ChangeLeaveType)
export class ChangeLeaveTypeHandler implements ICommandHandler<ChangeLeaveType> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: LeaveTypeStore,
  ) {}

  execute({ context, id, changes, ifVersion }: ChangeLeaveType): Promise<Committed<LeaveTypeView>> {
    return this.unitOfWork.run(
      context,
      async (unit) => {
        const loaded = await this.store.load(unit, id);
        if (!loaded) throw notFound('leave');
        assertVersion(loaded.version, ifVersion);
        const type = changeLeaveType(loaded.type, changes);
        if (!isDeepStrictEqual(type, loaded.type)) {
          this.store.save(unit, type);
          unit.record(LeaveTypeChanged(type, { entityId: id }));
        }
        return leaveTypeView(type);
      },
      { constraints: { leave_types_name: leaveTypeNameTaken } },
    );
  }
}
