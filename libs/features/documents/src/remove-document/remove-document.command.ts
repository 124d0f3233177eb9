import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** Deletes a document that somebody does not want any more. */
export class DeleteDocument extends Command<Committed<null>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
  ) {
    super();
  }
}

/** Removes a document whose time is over, if it still is. */
export class RemoveExpiredDocument extends Command<Committed<null>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly now: Date,
  ) {
    super();
  }
}

/** Removes a document of somebody who may not be known any more: the time is over, or they were erased. Else it is looked at later. */
export class RemoveGuestDocument extends Command<Committed<null>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly now: Date,
  ) {
    super();
  }
}
