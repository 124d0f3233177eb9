import { characters } from '@innkeep/contracts';
import type { Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { SignIn } from '../session';

export const refreshSessionBody = z
  .strictObject({
    refreshToken: characters(1, 200).describe('The latest refresh token of the session'),
  })
  .meta({ example: { refreshToken: 'AAAAAAAAA-h0bmV4dHRva2Vu' } });

/** Gives a session new tokens, with the rights that the user has now. */
export class RefreshSession extends Command<Committed<SignIn>> {
  constructor(
    readonly requestId: string,
    readonly refreshToken: string,
  ) {
    super();
  }
}
