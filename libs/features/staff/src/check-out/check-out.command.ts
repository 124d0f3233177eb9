import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { location } from '../geofence';
import type { ShiftView } from '../staff.answers';

export const checkOutBody = z.strictObject({ location: location.optional() }).meta({ example: {} });

/** Ends the caller's shift, wherever it began. */
export class CheckOut extends Command<Committed<ShiftView>> {
  constructor(
    readonly context: CommandContext,
    readonly input: z.output<typeof checkOutBody>,
  ) {
    super();
  }
}
