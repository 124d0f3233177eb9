import { createHash, randomBytes } from 'node:crypto';

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const FORM = /^[A-Za-z0-9_-]{54}$/;

/** A token that is stored only as a hash. It names its organization, so that nothing has to be looked up to find the shard. */
export interface OrganizationToken {
  readonly organizationId: number;
  readonly hash: Buffer;
}

// The hash covers the organization's id too: with a changed id the token finds nothing anywhere.
const hashOf = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** A new token: opaque to clients, 256 random bits behind the organization's id. */
export function newOrganizationToken(organizationId: number): OrganizationToken & { readonly token: string } {
  const id = Buffer.alloc(ID_BYTES);
  id.writeBigUInt64BE(BigInt(organizationId));
  const bytes = Buffer.concat([id, randomBytes(SECRET_BYTES)]);
  return { token: bytes.toString('base64url'), organizationId, hash: hashOf(bytes) };
}

/** What a presented token says of itself, or undefined if it cannot be one of ours. Nothing is proven until its hash is found. */
export function readOrganizationToken(token: string): OrganizationToken | undefined {
  if (!FORM.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  const organizationId = Number(bytes.readBigUInt64BE());
  if (!Number.isSafeInteger(organizationId) || organizationId < 1) return undefined;
  return { organizationId, hash: hashOf(bytes) };
}
