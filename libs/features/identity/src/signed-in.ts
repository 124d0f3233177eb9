import type { Committed } from '@innkeep/platform/database';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from '@innkeep/platform/http';
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
  return { body, version: committed.version, isReplay: false };
}
