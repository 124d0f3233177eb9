import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { LeaveTypeChanges } from '../leave-type';
import type { LeaveTypeView } from '../staff.answers';

/** Changes a leave, for balances of years that are over too. `ifVersion` refuses the change if somebody else was faster. */
export class ChangeLeaveType extends Command<Committed<LeaveTypeView>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly changes: LeaveTypeChanges,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
