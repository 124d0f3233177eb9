import type { Committed } from '@innkeep/platform/database';
import { newPassword } from '@innkeep/platform/security';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';

export const resetPasswordBody = z
  .strictObject({ password: newPassword })
  .meta({ example: { password: 'the other river runs by' } });

/** Sets a new password with the token of a mail, and ends all sessions of the user. */
export class ResetPassword extends Command<Committed<unknown>> {
  constructor(
    readonly requestId: string,
    readonly token: string,
    readonly password: string,
  ) {
    super();
  }
}
