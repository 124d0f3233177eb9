import type { Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { currentPassword } from '../change-password/change-password.command';
import type { Asking } from '../password-check.store';

export const enrolSecondFactorBody = z
  .strictObject({ password: currentPassword })
  .meta({ example: { password: 'a river runs by it' } });

/** What an authenticator app takes, shown this once. */
export const enrolmentAnswer = z.object({
  secret: shapes.text('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'),
  uri: z.url().meta({ example: 'otpauth://totp/Innkeep:ana%40casas.example?secret=JBSWY3DPEHPK3PXP&issuer=Innkeep' }),
});
export type Enrolment = z.output<typeof enrolmentAnswer>;

/** Makes a secret for an authenticator app. It counts once a code of it has been confirmed. */
export class EnrolSecondFactor extends Command<Committed<Enrolment>> {
  constructor(
    readonly caller: Asking,
    readonly password: string,
  ) {
    super();
  }
}
