import type { Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { currentPassword } from '../change-password/change-password.command';
import type { Asking } from '../password-check.store';

export const closeOrganizationBody = z
  .strictObject({ password: currentPassword })
  .meta({ example: { password: 'a river runs by it' } });

/** Closes the caller's organization: nobody gets in any more. */
export class CloseOrganization extends Command<Committed<void>> {
  constructor(
    readonly caller: Asking,
    readonly input: z.output<typeof closeOrganizationBody>,
  ) {
    super();
  }
}
