import { label } from '@innkeep/contracts';
import { emailAddress, newPassword } from '@innkeep/platform/security';
import type { Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { SignIn, SignInOrigin } from '../session';
import { personName } from '../user';

export const signUpBody = z
  .strictObject({
    organizationName: label(200).describe('What the organization is called'),
    name: personName,
    email: emailAddress,
    password: newPassword,
  })
  .meta({
    example: {
      organizationName: 'Casas do Rio',
      name: 'Ana Duarte',
      email: 'ana@casas.example',
      password: 'a river runs by it',
    },
  });

/** Makes an organization and its owner, and signs the owner in. */
export class SignUp extends Command<Committed<SignIn>> {
  constructor(
    readonly requestId: string,
    readonly input: z.output<typeof signUpBody>,
    readonly origin?: SignInOrigin,
  ) {
    super();
  }
}
