import type { Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { currentPassword } from '../change-password/change-password.command';
import type { Asking } from '../password-check.store';

export const enrolSecondFactorBody = z
  .strictObject({ password: currentPassword })
  .meta({ example: { password: 'a river runs by it' } });

/** What an authenticator app takes, shown this once. */
export interface Enrolment {
  readonly secret: string;
  readonly uri: string;
}

/** Makes a secret for an authenticator app. It counts once a code of it has been confirmed. */
export class EnrolSecondFactor extends Command<Committed<Enrolment>> {
  constructor(
    readonly caller: Asking,
    readonly password: string,
  ) {
    super();
  }
}
