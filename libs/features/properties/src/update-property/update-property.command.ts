import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { type Property, businessDayStartsAt, propertyName, timeZone } from '../property';

export const updatePropertyBody = z
  .strictObject({ name: propertyName, timeZone, businessDayStartsAt })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, 'names nothing to change')
  .meta({ minProperties: 1, example: { name: 'Casa do Rio Velho' } });

/** Changes a property's name, zone or business day. `ifVersion` refuses the change if somebody else was faster. */
export class UpdateProperty extends Command<Committed<Property>> {
  constructor(
    readonly context: CommandContext,
    readonly propertyId: number,
    readonly changes: z.output<typeof updatePropertyBody>,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
