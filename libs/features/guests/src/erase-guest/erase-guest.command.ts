import type { CommandContext, Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';

/** A guest who was erased, and since when. */
export const guestErasureAnswer = z.object({ stayId: shapes.uuidId, erasedAt: shapes.instant });
export type GuestErasure = z.output<typeof guestErasureAnswer>;

/** Erases what is kept about a guest. Cannot be undone; asking again changes nothing. */
export class EraseGuest extends Command<Committed<GuestErasure>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
  ) {
    super();
  }
}
