import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { location } from '../geofence';
import type { ShiftView } from '../staff.answers';

export const checkInBody = z
  .strictObject({ propertyId: z.int().min(1), location: location.optional() })
  .meta({ example: { propertyId: 1000 } });

/** Begins the caller's shift in a property. */
export class CheckIn extends Command<Committed<ShiftView>> {
  constructor(
    readonly context: CommandContext,
    readonly input: z.output<typeof checkInBody>,
  ) {
    super();
  }
}
