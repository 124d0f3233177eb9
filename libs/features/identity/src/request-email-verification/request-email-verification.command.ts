import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** Asks for a mail with a link that proves the caller's address. */
export class RequestEmailVerification extends Command<Committed<unknown>> {
  constructor(readonly context: CommandContext) {
    super();
  }
}
