import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** Ends the session of the access token. */
export class LogOut extends Command<Committed<void>> {
  constructor(readonly context: CommandContext) {
    super();
  }
}
