import type { Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { z } from 'zod';
import type { RecoveryCodes } from '../confirm-second-factor/confirm-second-factor.command';
import type { Asking } from '../password-check.store';
import type { provenBody } from '../remove-second-factor/remove-second-factor.command';

/** Gives new recovery codes; those that were left are good no more. */
export class RenewRecoveryCodes extends Command<Committed<RecoveryCodes>> {
  constructor(
    readonly caller: Asking,
    readonly proof: z.output<typeof provenBody>,
  ) {
    super();
  }
}
