import type { Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { currentPassword } from '../change-password/change-password.command';
import type { Asking } from '../password-check.store';
import { secondFactorCode } from '../second-factor';

export const provenBody = z
  .strictObject({ password: currentPassword, code: secondFactorCode })
  .meta({ example: { password: 'a river runs by it', code: '492039' } });

/** Turns the second factor off; takes the password and a code. */
export class RemoveSecondFactor extends Command<Committed<unknown>> {
  constructor(
    readonly caller: Asking,
    readonly proof: z.output<typeof provenBody>,
  ) {
    super();
  }
}
