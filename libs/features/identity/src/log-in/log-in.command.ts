import { characters } from '@innkeep/contracts';
import type { Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { emailAddress } from '@innkeep/platform/security';
import type { SignIn, SignInOrigin } from '../session';

export const logInBody = z
  .strictObject({ email: emailAddress, password: characters(1, 200) })
  .meta({ example: { email: 'ana@casas.example', password: 'a river runs by it' } });

/** A sign-in that takes a code besides the password. */
export interface SignInChallenge {
  /** Shown once, to the client; stored only as a hash. */
  readonly challenge: string;
}

/** Signs a user in: a session of its own for each sign-in. With a second factor turned on, a challenge comes first. */
export class LogIn extends Command<Committed<SignIn | SignInChallenge>> {
  constructor(
    readonly requestId: string,
    readonly input: z.output<typeof logInBody>,
    readonly origin: SignInOrigin,
  ) {
    super();
  }
}
