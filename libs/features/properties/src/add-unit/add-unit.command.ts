import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { type Unit, type UnitInput, unitInput } from '../unit';

export const addUnitBody = unitInput.meta({ example: { name: '12', unitType: 'double', capacity: 2 } });

/** Adds a unit to a property. */
export class AddUnit extends Command<Committed<Unit>> {
  constructor(
    readonly context: CommandContext,
    readonly propertyId: number,
    readonly input: UnitInput,
  ) {
    super();
  }
}
