import type { Committed } from '@innkeep/platform/database';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from '@innkeep/platform/http';
import type { SignInChallenge } from './log-in/log-in.command';
import { CODES_FOR_A_CHALLENGE } from './second-factor';
import type { SignIn } from './session';

/** A sign-in as the client gets it. The tokens are made here, after the commit: nothing that was stored holds one. */
export async function signedIn(tokens: AccessTokens, committed: Committed<SignIn>): Promise<Committed> {
  const { principal, refreshToken } = committed.result!;
  const body = JSON.stringify({
    accessToken: await tokens.issue(principal),
    refreshToken,
    tokenType: 'Bearer',
    expiresIn: ACCESS_TOKEN_SECONDS,
    organizationId: principal.organizationId,
    userId: principal.userId,
  });
  return { body, version: committed.version, isReplay: false, dbMs: committed.dbMs };
}

const CHALLENGE_SECONDS = 5 * 60;

/** The first step of a sign-in with a second factor, as the client gets it. */
export function challenged({ result, version, dbMs }: Committed<SignIn | SignInChallenge>): Committed {
  const { challenge } = result as SignInChallenge;
  const body = { challenge, expiresIn: CHALLENGE_SECONDS, codesLeft: CODES_FOR_A_CHALLENGE };
  return { body: JSON.stringify(body), version, isReplay: false, dbMs };
}
