import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { StayView } from '../stay.answers';
import { checkedOutAt } from '../stay.input';

export const checkOutGuestBody = z
  .strictObject({ checkedOutAt: checkedOutAt.optional() })
  .meta({ example: { checkedOutAt: '2026-03-17T10:40:00Z' } });

/** Checks a party out. */
export class CheckOutGuest extends Command<Committed<StayView>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly checkedOutAt: string | undefined,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
