import type { Principal } from '@innkeep/contracts';
import type { SignedLinks } from '@innkeep/platform/files';
import { z } from 'zod';

const PURPOSE = 'export';

/** To whom a link was given, and for which export. */
export interface Grant {
  readonly principal: Pick<Principal, 'organizationId' | 'userId' | 'permissionEpoch' | 'sessionId'>;
  readonly exportId: string;
}

const claims = z.object({
  org: z.int(),
  sub: z.string(),
  epoch: z.int(),
  sid: z.string().optional(),
  export: z.string(),
});

/** Tokens in links to files, signed: they name the organization and the user, and end with the user's session or rights. */
export class DownloadLinks {
  constructor(private readonly links: SignedLinks) {}

  sign({ principal, exportId }: Grant, expiresAt: Date): Promise<string> {
    const { organizationId, userId, permissionEpoch, sessionId } = principal;
    const about = { org: organizationId, sub: String(userId), epoch: permissionEpoch, sid: sessionId };
    return this.links.sign(PURPOSE, { ...about, export: exportId }, expiresAt);
  }

  /** What a token grants, if it is one of ours and its time is not over. */
  async verify(token: string): Promise<Grant | undefined> {
    const read = claims.safeParse(await this.links.verify(PURPOSE, token));
    if (!read.success) return undefined;
    const { org, sub, epoch, sid, export: exportId } = read.data;
    return {
      principal: { organizationId: org, userId: Number(sub), permissionEpoch: epoch, sessionId: sid },
      exportId,
    };
  }
}
