import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { LeaveView } from '../staff.answers';

/** Takes a leave request back, or ends a leave that was approved. Its days count no more. */
export class CancelLeave extends Command<Committed<LeaveView>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
  ) {
    super();
  }
}
