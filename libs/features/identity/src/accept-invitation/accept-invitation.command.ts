import { characters } from '@innkeep/contracts';
import type { Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { newPassword } from '@innkeep/platform/security';
import type { SignIn, SignInOrigin } from '../session';
import { personName } from '../user';

export const invitationToken = characters(1, 200).describe('The token of the invitation');

export const acceptInvitationBody = z
  .strictObject({ name: personName, password: newPassword })
  .meta({ example: { name: 'Rui Lopes', password: 'a boat is moored here' } });

/** Makes the invited person a user of the organization, and signs them in. */
export class AcceptInvitation extends Command<Committed<SignIn>> {
  constructor(
    readonly requestId: string,
    readonly token: string,
    readonly input: z.output<typeof acceptInvitationBody>,
    readonly origin?: SignInOrigin,
  ) {
    super();
  }
}
