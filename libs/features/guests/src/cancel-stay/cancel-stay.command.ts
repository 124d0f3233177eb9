import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { StayView } from '../stay.answers';
import { cancellationReason } from '../stay.input';

export const cancelStayBody = z
  .strictObject({ reason: cancellationReason.optional() })
  .meta({ example: { reason: 'Flight cancelled' } });

/** Notes that a party that was expected will not come. */
export class CancelStay extends Command<Committed<StayView>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly reason: string | undefined,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
