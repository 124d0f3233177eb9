import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** Removes what documents say of a guest, because its time is over. Does nothing if it is not, or nothing is left. */
export class RemoveIdentity extends Command<Committed<null>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly now: Date,
  ) {
    super();
  }
}
