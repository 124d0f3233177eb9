import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { type CloseDayInput, type Day, closeDayInput } from '../day';

export const closeDayBody = closeDayInput.meta({
  example: {
    propertyId: 1000,
    businessDay: '2026-03-14',
    counts: [{ paymentMode: 'cash', currency: 'EUR', countedCents: 85_00 }],
  },
});

/** Closes a business day of a property with what was counted of its takings. */
export class CloseDay extends Command<Committed<Day>> {
  constructor(
    readonly context: CommandContext,
    readonly input: CloseDayInput,
  ) {
    super();
  }
}
