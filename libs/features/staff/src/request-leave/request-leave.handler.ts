import { LeaveRequested, MemberPort, PropertyPort } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { LeaveBalances } from '../leave-balances.store';
import { leaveView, requestLeave } from '../leave-request';
import { LeaveStore } from '../leave.store';
import { lockPerson } from '../person-lock.store';
import { PropertyRulesStore } from '../property-rules.store';
import type { LeaveView } from '../staff.answers';
import { assertMayAskFor, memberFor, propertyFor } from '../staff.policies';
import { RequestLeave } from './request-leave.command';

@CommandHandler(RequestLeave)
export class RequestLeaveHandler implements ICommandHandler<RequestLeave> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly members: MemberPort,
    private readonly rules: PropertyRulesStore,
    private readonly store: LeaveStore,
    private readonly balances: LeaveBalances,
  ) {}

  execute({ context, input }: RequestLeave): Promise<Committed<LeaveView>> {
    const { principal } = context;
    return this.unitOfWork.run(context, async (unit) => {
      const { reason = null, userId = principal.userId, ...span } = input;
      propertyFor(principal, await this.properties.find(unit, [span.propertyId]), span.propertyId);
      assertMayAskFor(principal, userId);
      if (userId !== principal.userId) memberFor(principal, await this.members.find(unit, [userId]), userId);
      await lockPerson(unit, userId);
      const others = await this.store.findAround(unit, userId, span.from, span.to);
      const workingDays = await this.rules.find(unit, span.propertyId);
      const wish = { ...span, userId, requestedBy: principal.userId };
      const request = requestLeave(uuidv7(), wish, workingDays, others);
      await this.balances.assertMayTake(unit, request);
      this.store.add(unit, request);
      const about = { propertyId: request.propertyId, entityId: request.leaveRequestId };
      unit.record(LeaveRequested({ ...request, reason }, about));
      return leaveView(request);
    });
  }
}
