import { createHash, createHmac, randomBytes } from 'node:crypto';

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

function tokenOf(organizationId: number, secret: Buffer): OrganizationToken & { readonly token: string } {
  const id = Buffer.alloc(ID_BYTES);
  id.writeBigUInt64BE(BigInt(organizationId));
  const bytes = Buffer.concat([id, secret]);
  return { token: bytes.toString('base64url'), organizationId, hash: hashOf(bytes) };
}

/** A new token: opaque to clients, 256 random bits behind the organization's id. */
export const newOrganizationToken = (organizationId: number) => tokenOf(organizationId, randomBytes(SECRET_BYTES));

/**
 * The one token that follows on another: always the same, for whoever knows the key, and not to be guessed without it. So requests
 * that present a token at the same moment are given one successor between them, though no token is stored.
 */
export const successorOf = ({ organizationId, hash }: OrganizationToken, key: Buffer) =>
  tokenOf(organizationId, createHmac('sha256', key).update(hash).digest());

/** What a presented token says of itself, or undefined if it cannot be one of ours. Nothing is proven until its hash is found. */
export function readOrganizationToken(token: string): OrganizationToken | undefined {
  if (!FORM.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  const organizationId = Number(bytes.readBigUInt64BE());
  if (!Number.isSafeInteger(organizationId) || organizationId < 1) return undefined;
  return { organizationId, hash: hashOf(bytes) };
}
