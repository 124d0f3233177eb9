import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** Reminds whoever does a task that it is due soon. Time asks for it; asked again it does nothing. */
export class RemindOfTask extends Command<Committed<{ readonly isReminded: boolean }>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly now: Date,
  ) {
    super();
  }
}
