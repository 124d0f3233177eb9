import { v7 as uuid } from 'uuid';
import { newOrganizationToken } from './organization-token';
import type { SignIn, SignInOrigin } from './session';
import { type User, principalFor } from './user';

/** A session that is about to begin, with its first refresh token. */
export interface NewSession {
  readonly id: string;
  readonly userId: number;
  readonly tokenHash: Buffer;
  readonly userAgent: string | null;
  readonly signIn: SignIn;
}

/** Made before the transaction, which may run twice and must then write the same. */
export function beginSession(organizationId: number, user: User, origin?: SignInOrigin): NewSession {
  const { token, hash } = newOrganizationToken(organizationId);
  const id = uuid();
  const signIn = { principal: principalFor(organizationId, user, id), refreshToken: token };
  return { id, userId: user.id, tokenHash: hash, userAgent: origin?.userAgent ?? null, signIn };
}
