import { SignJWT, errors, jwtVerify } from 'jose';

/** Where the keys of links come from: one for each purpose. */
export interface LinkKeys {
  for(purpose: string): Uint8Array;
}

/**
 * Tokens in links, as compact JWS. A token is good for one purpose, carries what it is about, and ends. Whoever has it may do what it
 * says; what has been revoked since it was made is for whoever takes it to know.
 */
export class SignedLinks {
  constructor(private readonly keys: LinkKeys) {}

  /** The same claims and the same end make the same token. */
  sign(purpose: string, claims: Readonly<Record<string, unknown>>, expiresAt: Date): Promise<string> {
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(purpose)
      .setExpirationTime(Math.floor(expiresAt.getTime() / 1_000))
      .sign(this.keys.for(`link:${purpose}`));
  }

  /** What a token says, if it is one of ours for this purpose and its time is not over. */
  async verify(
    purpose: string,
    token: string,
    now = new Date(),
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    if (!isCanonical(token)) return undefined;
    try {
      const { payload } = await jwtVerify(token, this.keys.for(`link:${purpose}`), {
        algorithms: ['HS256'],
        audience: purpose,
        requiredClaims: ['exp'],
        currentDate: now,
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

/** One token is one text: bits that decoding drops would let an altered one pass for it. */
const isCanonical = (token: string): boolean =>
  token.split('.').every((part) => part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part);
