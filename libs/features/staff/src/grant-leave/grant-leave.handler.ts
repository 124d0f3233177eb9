import { LeaveGranted, MemberPort } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { LeaveTypeStore } from '../leave-type.store';
import { LeaveStore } from '../leave.store';
import { assertMayGrant, memberFor } from '../staff.policies';
import { leaveTypeUnknown } from '../staff.problems';
import { GrantLeave, type GrantView } from './grant-leave.command';

@CommandHandler(GrantLeave)
export class GrantLeaveHandler implements ICommandHandler<GrantLeave> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MemberPort,
    private readonly types: LeaveTypeStore,
    private readonly store: LeaveStore,
  ) {}

  execute({ context, input }: GrantLeave): Promise<Committed<GrantView>> {
    const { principal } = context;
    return this.unitOfWork.run(context, async (unit) => {
      const { userId, leaveTypeId, year, days, reason } = input;
      memberFor(principal, await this.members.find(unit, [userId]), userId);
      assertMayGrant(principal, userId);
      if (!(await this.types.find(unit, leaveTypeId))) throw leaveTypeUnknown();
      const grant = { grantId: uuidv7(), userId, leaveTypeId, year, halfDays: days * 2 };
      this.store.grant(unit, { ...grant, grantedBy: principal.userId });
      unit.record(LeaveGranted({ ...grant, reason }, { entityId: grant.grantId }));
      return { id: grant.grantId, userId, leaveTypeId, year, days };
    });
  }
}
