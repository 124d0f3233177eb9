import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { StayView } from '../stay.answers';
import { checkedInAt, unitIds } from '../stay.input';

export const arriveBody = z
  .strictObject({
    checkedInAt: checkedInAt.optional(),
    unitIds: unitIds.optional().describe('In place of those that were chosen before'),
  })
  .meta({ example: { checkedInAt: '2026-03-14T15:05:00Z' } });

/** Checks in a party that was expected. */
export class Arrive extends Command<Committed<StayView>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly input: z.output<typeof arriveBody>,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
