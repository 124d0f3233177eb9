import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { type Day, reopenDayInput } from '../day';

export const reopenDayBody = reopenDayInput.meta({ example: { reason: 'A bill was forgotten' } });

/** Opens a closed business day again. `ifVersion` refuses it if it is not what was seen. */
export class ReopenDay extends Command<Committed<Day>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly reason: string,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
