import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** Ends a shift that somebody forgot to end. One that has ended meanwhile stays as it is. */
export class CloseForgottenShift extends Command<Committed<null>> {
  constructor(
    readonly context: CommandContext,
    readonly shiftId: string,
    readonly now: Date,
  ) {
    super();
  }
}
