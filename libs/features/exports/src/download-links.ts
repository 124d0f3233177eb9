import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Principal } from '@innkeep/contracts';
import type { SecretKeys } from '@innkeep/platform/security';
import { z } from 'zod';

const MAC_BYTES = 32;

/** To whom a link was given, for which export, and until when: in milliseconds since 1970. */
export interface Grant {
  readonly principal: Pick<Principal, 'organizationId' | 'userId' | 'permissionEpoch' | 'sessionId'>;
  readonly exportId: string;
  readonly expiresAt: number;
}

const grantSchema = z.tuple([z.int(), z.int(), z.int(), z.string().nullable(), z.string(), z.int()]);

/** Tokens in links to files, signed: they name the organization and the user, and end with the user's session or rights. */
export class DownloadLinks {
  private readonly key: Buffer;

  constructor(keys: SecretKeys) {
    this.key = keys.for('export-links');
  }

  sign({ principal, exportId, expiresAt }: Grant): string {
    const { organizationId, userId, permissionEpoch, sessionId = null } = principal;
    const payload = Buffer.from(
      JSON.stringify([organizationId, userId, permissionEpoch, sessionId, exportId, expiresAt]),
    );
    return Buffer.concat([this.mac(payload), payload]).toString('base64url');
  }

  /** What a token grants, if it is one of ours and its time is not over. */
  verify(token: string, now = Date.now()): Grant | undefined {
    const bytes = Buffer.from(token, 'base64url');
    const payload = bytes.subarray(MAC_BYTES);
    const isGenuine =
      bytes.length > MAC_BYTES &&
      bytes.toString('base64url') === token &&
      timingSafeEqual(bytes.subarray(0, MAC_BYTES), this.mac(payload));
    if (!isGenuine) return undefined;
    const [organizationId, userId, permissionEpoch, sessionId, exportId, expiresAt] = grantSchema.parse(
      JSON.parse(payload.toString()),
    );
    if (expiresAt <= now) return undefined;
    const principal = { organizationId, userId, permissionEpoch, sessionId: sessionId ?? undefined };
    return { principal, exportId, expiresAt };
  }

  private mac(payload: Buffer): Buffer {
    return createHmac('sha256', this.key).update(payload).digest();
  }
}
