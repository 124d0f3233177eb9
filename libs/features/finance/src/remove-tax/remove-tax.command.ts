import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** Ends a tax: what is recorded from now on is not taxed by it. */
export class RemoveTax extends Command<Committed<null>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
  ) {
    super();
  }
}
