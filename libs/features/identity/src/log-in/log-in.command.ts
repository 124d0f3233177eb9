import type { Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { emailAddress } from '@innkeep/platform/security';
import type { SignIn } from '../session';

export const logInBody = z
  .strictObject({ email: emailAddress, password: z.string().min(1).max(200) })
  .meta({ example: { email: 'ana@casas.example', password: 'a river runs by it' } });

/** Signs a user in: a session of its own for each sign-in. */
export class LogIn extends Command<Committed<SignIn>> {
  constructor(
    readonly requestId: string,
    readonly input: z.output<typeof logInBody>,
  ) {
    super();
  }
}
