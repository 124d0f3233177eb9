import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';

/** Whether the address was verified already, so that no mail is sent. */
export const emailVerificationAnswer = z.object({ isEmailVerified: z.boolean() });

/** Asks for a mail with a link that proves the caller's address. */
export class RequestEmailVerification extends Command<Committed<unknown>> {
  constructor(readonly context: CommandContext) {
    super();
  }
}
