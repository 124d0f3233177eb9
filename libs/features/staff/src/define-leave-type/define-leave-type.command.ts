import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { z } from 'zod';
import type { leaveTypeBody } from '../leave-type';
import type { LeaveTypeView } from '../staff.answers';

/** Defines a leave that people can ask for. */
export class DefineLeaveType extends Command<Committed<LeaveTypeView>> {
  constructor(
    readonly context: CommandContext,
    readonly input: z.output<typeof leaveTypeBody>,
  ) {
    super();
  }
}
