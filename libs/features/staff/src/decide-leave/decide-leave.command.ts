import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { Decision } from '../correction';
import type { LeaveView } from '../staff.answers';

/** Approves or rejects a leave request. Saying the same again changes nothing. */
export class DecideLeave extends Command<Committed<LeaveView>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly decision: Decision,
  ) {
    super();
  }
}
