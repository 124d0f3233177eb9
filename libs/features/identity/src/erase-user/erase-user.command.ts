import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** A user who was erased, and since when. */
export interface Erasure {
  readonly userId: number;
  readonly erasedAt: Date;
}

/** Ends a user's sign-in for good and erases what is kept about the person. Cannot be undone; asking again changes nothing. */
export class EraseUser extends Command<Committed<Erasure>> {
  constructor(
    readonly context: CommandContext,
    readonly userId: number,
  ) {
    super();
  }
}
