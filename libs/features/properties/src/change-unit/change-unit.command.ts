import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { type Unit, type UnitChanges, unitChanges } from '../unit';

export const changeUnitBody = unitChanges.meta({
  minProperties: 1,
  example: { outOfOrder: [{ from: '2026-04-01', to: '2026-04-03', reason: 'New bathroom' }] },
});

/** Changes a unit, or puts it out of order or out of service. `ifVersion` refuses the change if somebody else was faster. */
export class ChangeUnit extends Command<Committed<Unit>> {
  constructor(
    readonly context: CommandContext,
    readonly propertyId: number,
    readonly unitId: string,
    readonly changes: UnitChanges,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
