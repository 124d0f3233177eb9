import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** Makes the next task of a series once its day has begun. Time asks for it; asked again it does nothing. */
export class MakeNextTask extends Command<Committed<{ readonly taskId: string | null }>> {
  constructor(
    readonly context: CommandContext,
    /** The latest task of the series. */
    readonly id: string,
    readonly now: Date,
  ) {
    super();
  }
}
