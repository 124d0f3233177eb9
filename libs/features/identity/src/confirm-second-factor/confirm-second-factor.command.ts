import type { Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { Asking } from '../password-check.store';

export const confirmSecondFactorBody = z
  .strictObject({ code: z.string().regex(/^\d{6}$/, 'is the six digits that the app shows') })
  .meta({ example: { code: '492039' } });

/** Recovery codes, shown this once. */
export const recoveryCodesAnswer = z
  .object({ recoveryCodes: z.array(shapes.text('7k2m-9xqp-4tfh')).readonly() })
  .meta({ id: 'RecoveryCodes' });
export type RecoveryCodes = z.output<typeof recoveryCodesAnswer>;

/** Turns the second factor on, with a code that proves that the app has the secret. */
export class ConfirmSecondFactor extends Command<Committed<RecoveryCodes>> {
  constructor(
    readonly caller: Asking,
    readonly code: string,
  ) {
    super();
  }
}
