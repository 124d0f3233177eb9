import type { Committed } from '@innkeep/platform/database';
import { ACCESS_TOKEN_SECONDS, type AccessTokens, shapes } from '@innkeep/platform/http';
import { z } from 'zod';
import type { SignInChallenge } from './log-in/log-in.command';
import { CODES_FOR_A_CHALLENGE } from './second-factor';
import type { SignIn } from './session';

const seconds = z.int().min(1).describe('In seconds');

/** The tokens of a session. */
export const signInAnswer = z
  .object({
    accessToken: shapes.text('eyJhbGciOiJFZERTQSJ9.eyJvcmciOjEwMDB9.c2lnbmF0dXJl'),
    refreshToken: shapes.text('AAAAAAAAA-h0bmV4dHRva2Vu'),
    tokenType: z.literal('Bearer'),
    expiresIn: seconds.meta({ example: ACCESS_TOKEN_SECONDS }),
    organizationId: shapes.numericId,
    userId: shapes.numericId,
  })
  .meta({ id: 'SignIn' });

/** That a code is wanted besides the password. */
export const challengeAnswer = z.object({
  challenge: shapes.text('AAAAAAAAA-h0b3RoZXJzdGVw'),
  expiresIn: seconds.meta({ example: 300 }),
  codesLeft: shapes.count.meta({ example: 5 }),
});

/** A sign-in as the client gets it. The tokens are made here, after the commit: nothing that was stored holds one. */
export async function signedIn(tokens: AccessTokens, committed: Committed<SignIn>): Promise<Committed> {
  const { principal, refreshToken } = committed.result!;
  const body: z.output<typeof signInAnswer> = {
    accessToken: await tokens.issue(principal),
    refreshToken,
    tokenType: 'Bearer',
    expiresIn: ACCESS_TOKEN_SECONDS,
    organizationId: principal.organizationId,
    userId: principal.userId,
  };
  return { body: JSON.stringify(body), version: committed.version, isReplay: false, dbMs: committed.dbMs };
}

const CHALLENGE_SECONDS = 5 * 60;

/** The first step of a sign-in with a second factor, as the client gets it. */
export function challenged({ result, version, dbMs }: Committed<SignIn | SignInChallenge>): Committed {
  const { challenge } = result as SignInChallenge;
  const body: z.output<typeof challengeAnswer> = {
    challenge,
    expiresIn: CHALLENGE_SECONDS,
    codesLeft: CODES_FOR_A_CHALLENGE,
  };
  return { body: JSON.stringify(body), version, isReplay: false, dbMs };
}
