import { LeaveTypeDefined } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { changeLeaveType, leaveTypeView } from '../leave-type';
import { LeaveTypeStore } from '../leave-type.store';
import type { LeaveTypeView } from '../staff.answers';
import { leaveTypeNameTaken } from '../staff.problems';
import { DefineLeaveType } from './define-leave-type.command';

@CommandHandler(DefineLeaveType)
export class DefineLeaveTypeHandler implements ICommandHandler<DefineLeaveType> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: LeaveTypeStore,
  ) {}

  execute({ context, input }: DefineLeaveType): Promise<Committed<LeaveTypeView>> {
    return this.unitOfWork.run(
      context,
      async (unit) => {
        const { name, isPaid, accrual } = input;
        const blank = { leaveTypeId: uuidv7(), name, isPaid, halfDaysPerYear: null, accrual, carryOverHalfDays: 0 };
        const type = changeLeaveType(blank, input);
        this.store.add(unit, type);
        unit.record(LeaveTypeDefined(type, { entityId: type.leaveTypeId }));
        return leaveTypeView(type);
      },
      { constraints: { leave_types_name: leaveTypeNameTaken } },
    );
  }
}
