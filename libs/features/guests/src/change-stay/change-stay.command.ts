import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { identityInput } from '../identity';
import type { StayView } from '../stay.answers';
import { stayParticulars, withSomebody } from '../stay.input';

export const changeStayBody = withSomebody(
  z.strictObject({
    ...stayParticulars,
    identity: identityInput.nullable().optional().describe('Left as it is if it is not given; null removes it'),
  }),
).meta({
  example: { guestName: 'Inês Carvalho', adults: 2, children: 0, unitIds: [], departsOn: '2026-03-18' },
});

/** Replaces what can be changed of a stay that is not over. */
export class ChangeStay extends Command<Committed<StayView>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly input: z.output<typeof changeStayBody>,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
