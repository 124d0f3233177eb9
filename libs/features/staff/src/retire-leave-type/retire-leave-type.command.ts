import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** Has nobody ask for a leave any more. What was taken of it stays. */
export class RetireLeaveType extends Command<Committed<null>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
