import { characters } from '@innkeep/contracts';
import type { Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { secondFactorCode } from '../second-factor';
import type { SignIn, SignInOrigin } from '../session';

export const completeLogInBody = z
  .strictObject({
    challenge: characters(1, 200).describe('What the sign-in with a password answered'),
    code: secondFactorCode,
  })
  .meta({ example: { challenge: 'AAAAAAAAA-h0b3...', code: '492039' } });

/** The second step of a sign-in: a code of the authenticator, or a recovery code. */
export class CompleteLogIn extends Command<Committed<SignIn>> {
  constructor(
    readonly requestId: string,
    readonly input: z.output<typeof completeLogInBody>,
    readonly origin: SignInOrigin,
  ) {
    super();
  }
}
