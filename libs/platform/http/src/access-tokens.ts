import { createHash } from 'node:crypto';
import { DomainError, type Principal, type PropertyScope, type Role, roles } from '@innkeep/contracts';
import { type JWK, SignJWT, calculateJwkThumbprint, createLocalJWKSet, errors, importJWK, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { httpProblems } from './http.problems';
import type { Caller, Operator } from './request-state';

const ISSUER = 'innkeep';
const AUDIENCE = 'innkeep-api';
/** Operators' tokens are for other routes, and useless on those of organizations. */
const OPERATOR_AUDIENCE = 'innkeep-operator';
const TYPE = 'at+jwt';
/** Lifetime of an access token, in seconds. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;
/** How far two clocks may be apart, in seconds. */
const LEEWAY_SECONDS = 5;
const verification = { issuer: ISSUER, typ: TYPE, algorithms: ['EdDSA'], clockTolerance: LEEWAY_SECONDS };

/**
 * Signs and verifies access tokens (RFC 9068, Ed25519). The first key signs, all verify, so keys rotate by putting a new one in
 * front. A verified token is remembered until it ends: the signature is checked once, not on every request.
 */
export class AccessTokens {
  private readonly verified = new LRUCache<string, Caller>({ max: 50_000 });

  private constructor(
    private readonly signingKey: Awaited<ReturnType<typeof importJWK>>,
    private readonly keyId: string,
    private readonly findKey: ReturnType<typeof createLocalJWKSet>,
    /** The public keys, as served at `/.well-known/jwks.json`. */
    readonly publicKeys: { readonly keys: JWK[] },
  ) {}

  /** `signingKeys` is a JSON array of private JWKs. */
  static async fromJson(signingKeys: string): Promise<AccessTokens> {
    const privateKeys = JSON.parse(signingKeys) as JWK[];
    if (!privateKeys[0]) throw new Error('SIGNING_KEYS holds no key');
    const publicKeys = await Promise.all(
      privateKeys.map(async ({ d: _secret, ...key }) => ({
        ...key,
        alg: 'EdDSA',
        use: 'sig',
        kid: key.kid ?? (await calculateJwkThumbprint(key)),
      })),
    );
    const signingKey = await importJWK(privateKeys[0], 'EdDSA');
    return new AccessTokens(signingKey, publicKeys[0]!.kid, createLocalJWKSet({ keys: publicKeys }), {
      keys: publicKeys,
    });
  }

  async issue(principal: Principal): Promise<string> {
    const claims = {
      org: principal.organizationId,
      role: principal.role,
      prop: principal.properties === 'all' ? '*' : principal.properties,
      pep: principal.permissionEpoch,
      sid: principal.sessionId,
    };
    return this.sign(new SignJWT(claims), String(principal.userId), AUDIENCE);
  }

  /** A token for a platform operator: it opens the system's own routes and no organization's. */
  async issueForOperator(operatorId: number): Promise<string> {
    return this.sign(new SignJWT({}), String(operatorId), OPERATOR_AUDIENCE);
  }

  async verifyOperator(token: string): Promise<Operator> {
    return this.checked(async () => {
      const { payload } = await jwtVerify(token, this.findKey, {
        ...verification,
        audience: OPERATOR_AUDIENCE,
        requiredClaims: ['sub', 'exp'],
      });
      return { operatorId: Number(payload.sub) };
    });
  }

  /** The caller, if the token was verified before and has not ended. */
  remembered(token: string): Caller | undefined {
    const caller = this.verified.get(token);
    return caller && caller.expiresAt > Date.now() / 1000 ? caller : undefined;
  }

  async verify(token: string): Promise<Caller> {
    return this.checked(async () => {
      const requiredClaims = ['sub', 'exp', 'org', 'role', 'prop', 'pep'];
      const { payload } = await jwtVerify(token, this.findKey, { ...verification, audience: AUDIENCE, requiredClaims });
      const caller = toCaller(payload);
      this.verified.set(token, caller);
      return caller;
    });
  }

  private sign(token: SignJWT, subject: string, audience: string): Promise<string> {
    return token
      .setProtectedHeader({ alg: 'EdDSA', kid: this.keyId, typ: TYPE })
      .setSubject(subject)
      .setIssuer(ISSUER)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
      .sign(this.signingKey);
  }

  private async checked<T>(verifying: () => Promise<T>): Promise<T> {
    try {
      return await verifying();
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw unauthenticated('token-expired', 'Ask for a new one with the refresh token.', 'invalid_token');
      }
      throw unauthenticated('token-invalid', 'Sign in again.', 'invalid_token');
    }
  }
}

function toCaller(payload: Record<string, unknown>): Caller {
  const role = payload.role as Role;
  if (!roles.includes(role)) throw new Error('unknown role');
  const properties: PropertyScope = payload.prop === '*' ? 'all' : (payload.prop as number[]);
  const principal: Principal = {
    organizationId: Number(payload.org),
    userId: Number(payload.sub),
    role,
    properties,
    permissionEpoch: Number(payload.pep),
    sessionId: payload.sid as string | undefined,
  };
  return { principal, expiresAt: Number(payload.exp), partition: partitionOf(principal) };
}

/** What decides which answers two callers share: the organization, the role and the set of properties, and nothing of the person. */
export function partitionOf({ organizationId, role, properties }: Principal): string {
  if (properties === 'all') return `${organizationId}/${role}/all`;
  const digest = createHash('sha256')
    .update([...properties].sort((a, b) => a - b).join(','))
    .digest('base64url')
    .slice(0, 22);
  return `${organizationId}/${role}/${digest}`;
}

/** A 401 with the challenge that RFC 6750 asks for. */
export function unauthenticated(
  name: 'authentication-required' | 'token-expired' | 'token-invalid',
  detail: string,
  error?: string,
): DomainError {
  const challenge = error ? `Bearer realm="innkeep", error="${error}"` : 'Bearer realm="innkeep"';
  return new DomainError(httpProblems[name], detail, { headers: { 'www-authenticate': challenge } });
}
