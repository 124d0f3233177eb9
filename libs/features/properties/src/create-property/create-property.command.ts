import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { type Property, businessDayStartsAt, currency, propertyName, timeZone } from '../property';

export const createPropertyBody = z
  .strictObject({ name: propertyName, timeZone, currency, businessDayStartsAt: businessDayStartsAt.default('00:00') })
  .meta({ example: { name: 'Casa do Rio', timeZone: 'Europe/Lisbon', currency: 'EUR' } });

/** Adds a property to the organization. */
export class CreateProperty extends Command<Committed<Property>> {
  constructor(
    readonly context: CommandContext,
    readonly input: z.output<typeof createPropertyBody>,
  ) {
    super();
  }
}
