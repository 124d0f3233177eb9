import type { OrganizationTransaction } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import { assertEnough, balanceOf, monthOf } from './leave-balance';
import type { LeaveRequest } from './leave-request';
import type { LeaveType } from './leave-type';
import { LeaveTypeStore } from './leave-type.store';
import { LeaveStore } from './leave.store';
import { leaveTypeUnknown } from './staff.problems';

/** Whether there is leave left. */
@Injectable()
export class LeaveBalances {
  constructor(
    private readonly types: LeaveTypeStore,
    private readonly store: LeaveStore,
  ) {}

  /** Refuses a new request for more than a person has left, or for what cannot be asked for. To be asked behind the lock of the person. */
  async assertMayTake(unit: OrganizationTransaction, request: LeaveRequest): Promise<void> {
    const type = await this.types.find(unit, request.leaveTypeId);
    if (!type) throw leaveTypeUnknown();
    await this.assertLeft(unit, request, type, request.halfDays);
  }

  /** Refuses to approve what is not there any more: what it takes is among what was asked for, but what was granted may be less by now. */
  async assertStillThere(unit: OrganizationTransaction, request: LeaveRequest): Promise<void> {
    await this.assertLeft(unit, request, (await this.types.findEver(unit, request.leaveTypeId))!, 0);
  }

  private async assertLeft(
    unit: OrganizationTransaction,
    { from, userId }: LeaveRequest,
    type: LeaveType,
    more: number,
  ) {
    const { had, joinedOn } = await this.store.balanceParts(unit, userId, type);
    // Somebody whom the read model does not know yet has just come: what accrues by the month begins with this leave, if not before.
    assertEnough(balanceOf(type, had, monthOf(joinedOn ?? from), monthOf(from)), more);
  }
}
