import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** What becomes of a transaction whose step of approval was waited for too long. Does nothing if it is not due any more. */
export class ExpireApproval extends Command<Committed<null>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly now: Date,
  ) {
    super();
  }
}
