import type { CommandContext, Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';

/** A user who was erased, and since when. */
export const erasureAnswer = z.object({ userId: shapes.numericId, erasedAt: shapes.instant });
export type Erasure = z.output<typeof erasureAnswer>;

/** Ends a user's sign-in for good and erases what is kept about the person. Cannot be undone; asking again changes nothing. */
export class EraseUser extends Command<Committed<Erasure>> {
  constructor(
    readonly context: CommandContext,
    readonly userId: number,
  ) {
    super();
  }
}
