import { LeaveCancelled, PropertyPort } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { cancelLeave, leaveView } from '../leave-request';
import { LeaveStore } from '../leave.store';
import type { LeaveView } from '../staff.answers';
import { assertMayAskFor, assertMaySee, isLeading } from '../staff.policies';
import { businessDayOf } from '../wall-clock';
import { CancelLeave } from './cancel-leave.command';

@CommandHandler(CancelLeave)
export class CancelLeaveHandler implements ICommandHandler<CancelLeave> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly store: LeaveStore,
  ) {}

  execute({ context, id }: CancelLeave): Promise<Committed<LeaveView>> {
    const { principal } = context;
    return this.unitOfWork.run(context, async (unit) => {
      const request = await this.store.load(unit, id);
      assertMaySee(principal, request, 'leave request');
      assertMayAskFor(principal, request.userId);
      const { propertyId, userId } = request;
      const property = (await this.properties.find(unit, [propertyId])).get(propertyId)!;
      const mayCancelBegun = isLeading(principal) && (principal.role === 'owner' || userId !== principal.userId);
      const cancelled = cancelLeave(request, businessDayOf(new Date(), property), mayCancelBegun);
      if (!cancelled) return leaveView(request);
      this.store.decide(unit, cancelled, principal.userId);
      const wasApproved = request.status === 'approved';
      unit.record(LeaveCancelled({ ...cancelled, wasApproved }, { propertyId, entityId: id }));
      return leaveView(cancelled);
    });
  }
}
