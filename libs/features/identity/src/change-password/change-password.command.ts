import { characters } from '@innkeep/contracts';
import type { Committed } from '@innkeep/platform/database';
import { newPassword } from '@innkeep/platform/security';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { Asking } from '../password-check.store';

export const currentPassword = characters(1, 200).describe('The password that the user has now');

export const changePasswordBody = z
  .strictObject({ currentPassword, newPassword })
  .meta({ example: { currentPassword: 'a river runs by it', newPassword: 'the other river runs by' } });

/** Changes the caller's own password. All other sessions of the user end. */
export class ChangePassword extends Command<Committed<unknown>> {
  constructor(
    readonly caller: Asking,
    readonly input: z.output<typeof changePasswordBody>,
  ) {
    super();
  }
}
