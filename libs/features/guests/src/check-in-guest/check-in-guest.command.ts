import type { CommandContext, Committed } from '@innkeep/platform/database';
import { holding } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { identityInput } from '../identity';
import type { StayView } from '../stay.answers';
import { checkedInAt, deskStay, nobody, withSomebody } from '../stay.input';

export const checkInGuestBody = withSomebody(
  z.strictObject({
    ...deskStay,
    identity: identityInput.optional(),
    isExpected: z.boolean().default(false).describe('The party is to come later: it is noted and not checked in'),
    checkedInAt: checkedInAt.optional(),
  }),
)
  .refine(({ isExpected, checkedInAt: at }) => !isExpected || at === undefined, {
    error: 'is of a party that has come, and this one is expected',
    path: ['checkedInAt'],
  })
  .meta({
    not: {
      anyOf: [nobody, holding(['isExpected', 'checkedInAt'], { isExpected: { const: true } })],
    },
    example: { propertyId: 1000, guestName: 'Inês Carvalho', adults: 2, country: 'PRT', departsOn: '2026-03-17' },
  });

/** Checks a party in, or notes one that is to come. */
export class CheckInGuest extends Command<Committed<StayView>> {
  constructor(
    readonly context: CommandContext,
    readonly input: z.output<typeof checkInGuestBody>,
  ) {
    super();
  }
}
