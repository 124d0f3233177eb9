import type { Principal } from '@innkeep/contracts';

/** A sign-in: one session is one family of refresh tokens, each made from the one before. */
export interface SignIn {
  readonly principal: Principal;
  /** Shown once, to the client; stored only as a hash. */
  readonly refreshToken: string;
}

/** Where a sign-in comes from. */
export interface SignInOrigin {
  /** The network address, for slowing down guesses. It is not kept. */
  readonly address: string;
  /** What the client says of itself, so that users recognize their sessions. */
  readonly userAgent: string | null;
}

/** Why a session ended before its time. */
export type EndReason = 'logout' | 'reuse' | 'ended-by-user' | 'password-changed' | 'user-suspended';

/** A refresh token as it was found, with the session and the user that it belongs to. */
export interface PresentedToken {
  readonly expiresAt: Date;
  /** When a successor was first made from it. */
  readonly rotatedAt: Date | null;
  readonly sessionExpiresAt: Date;
  readonly sessionRevokedAt: Date | null;
  readonly mayUserSignIn: boolean;
}

/**
 * - `rotate`: make the successor.
 * - `repeat`: the successor was made a moment ago, give it once more.
 * - `revoke`: two parties hold the token, and nobody can tell which is the thief: end the session for both.
 * - `refuse`: the session is over, nothing to do.
 */
export type TokenVerdict = 'rotate' | 'repeat' | 'revoke' | 'refuse';

/**
 * How long after its rotation a token gives its successor once more. Tabs of one browser, and a client that lost the answer, refresh with
 * the same token within moments: that is no theft. The grace counts from the first rotation and does not grow.
 */
export const ROTATION_GRACE_MS = 10_000;

/** What becomes of a presented refresh token. */
export function judgeToken(token: PresentedToken | undefined, now: Date): TokenVerdict {
  if (!token || token.sessionRevokedAt || !token.mayUserSignIn) return 'refuse';
  if (token.expiresAt <= now || token.sessionExpiresAt <= now) return 'refuse';
  if (!token.rotatedAt) return 'rotate';
  return now.getTime() - token.rotatedAt.getTime() <= ROTATION_GRACE_MS ? 'repeat' : 'revoke';
}
