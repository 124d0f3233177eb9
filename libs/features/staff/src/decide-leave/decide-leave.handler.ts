import { LeaveApproved, LeaveRejected } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isNewDecision } from '../correction';
import { LeaveBalances } from '../leave-balances.store';
import { leaveView } from '../leave-request';
import { LeaveStore } from '../leave.store';
import { lockPerson } from '../person-lock.store';
import type { LeaveView } from '../staff.answers';
import { assertMayDecide, assertMaySee } from '../staff.policies';
import { DecideLeave } from './decide-leave.command';

@CommandHandler(DecideLeave)
export class DecideLeaveHandler implements ICommandHandler<DecideLeave> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: LeaveStore,
    private readonly balances: LeaveBalances,
  ) {}

  execute({ context, id, decision }: DecideLeave): Promise<Committed<LeaveView>> {
    const { principal } = context;
    return this.unitOfWork.run(context, async (unit) => {
      const request = await this.store.load(unit, id);
      assertMaySee(principal, request, 'leave request');
      assertMayDecide(principal, request);
      if (!isNewDecision(request, decision)) return leaveView(request);
      if (decision.decision === 'approved') {
        await lockPerson(unit, request.userId);
        await this.balances.assertStillThere(unit, request);
      }
      const decided = { ...request, status: decision.decision };
      this.store.decide(unit, decided, principal.userId);
      const decide = decision.decision === 'approved' ? LeaveApproved : LeaveRejected;
      const about = { propertyId: decided.propertyId, entityId: id };
      unit.record(decide({ ...decided, decisionReason: decision.reason ?? null }, about));
      return leaveView(decided);
    });
  }
}
