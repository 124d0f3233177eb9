import { emailAddress } from '@innkeep/platform/security';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';

export const requestPasswordResetBody = z
  .strictObject({ email: emailAddress })
  .meta({ example: { email: 'ana@casas.example' } });

/** Asks for a mail with a link to choose a new password, if anybody signs in with the address. */
export class RequestPasswordReset extends Command<void> {
  constructor(readonly email: string) {
    super();
  }
}
