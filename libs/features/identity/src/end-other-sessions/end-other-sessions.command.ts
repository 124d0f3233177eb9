import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** Ends all of the caller's sessions but the one that asks. */
export class EndOtherSessions extends Command<Committed<unknown>> {
  constructor(readonly context: CommandContext) {
    super();
  }
}
