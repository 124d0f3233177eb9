import { createPrivateKey, sign } from 'node:crypto';
import { type JWK, SignJWT, importJWK } from 'jose';
import { newSigningKey } from '../system';
import type { Place } from './place';

type Key = Awaited<ReturnType<typeof importJWK>>;

/** A value as a part of a token. */
export const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Makes tokens that are almost the owner's. */
export class Forge {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
  readonly claims: Record<string, unknown>;

  private constructor(
    readonly token: string,
    readonly refreshToken: string,
    readonly organizationId: number,
    private readonly ours: JWK,
    private readonly genuine: Key,
    /** Our public key, misread as a secret that both sides share. */
    readonly shared: Key,
    readonly stranger: Key,
    readonly strangerPublic: JWK,
  ) {
    [this.header, this.payload, this.signature] = token.split('.') as [string, string, string];
    this.claims = JSON.parse(Buffer.from(this.payload, 'base64url').toString()) as Record<string, unknown>;
  }

  static async of({ innkeep, owner }: Place): Promise<Forge> {
    const ours = innkeep.signingKeys[0]! as JWK;
    const strangerKey = newSigningKey(String(ours.kid)) as JWK;
    const { d: _secret, ...strangerPublic } = strangerKey;
    return new Forge(
      owner.token!,
      owner.session.refreshToken,
      owner.organizationId,
      ours,
      await importJWK(ours, 'EdDSA'),
      await importJWK({ kty: 'oct', k: ours.x }, 'HS256'),
      await importJWK(strangerKey, 'EdDSA'),
      strangerPublic,
    );
  }

  get kid(): string {
    return String(this.ours.kid);
  }

  /** The owner's claims with a change, in a header with a change, signed by our key or another. */
  sign(change: Record<string, unknown>, head: Record<string, unknown> = {}, key = this.genuine): Promise<string> {
    return new SignJWT({ ...this.claims, ...change })
      .setProtectedHeader({ alg: 'EdDSA', kid: this.kid, typ: 'at+jwt', ...head })
      .sign(key);
  }

  /** Signed by our own key, whatever is in it: a library would refuse to. */
  signRaw(head: Record<string, unknown>, payload: unknown = this.claims): string {
    const text = `${encode({ alg: 'EdDSA', kid: this.kid, typ: 'at+jwt', ...head })}.${encode(payload)}`;
    const key = createPrivateKey({ key: this.ours as never, format: 'jwk' });
    return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
  }
}
