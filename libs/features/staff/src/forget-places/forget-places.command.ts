import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** Forgets where a person was in a month. */
export class ForgetPlaces extends Command<Committed<null>> {
  constructor(
    readonly context: CommandContext,
    readonly userId: number,
    /** `YYYY-MM` */
    readonly month: string,
  ) {
    super();
  }
}
