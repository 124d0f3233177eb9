import type { Principal } from '@innkeep/contracts';
import { type SignedLinks } from '@innkeep/platform/files';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const PURPOSE = 'document';

/** Which of the files of a document: itself, or its small image. */
export const variants = ['original', 'preview'] as const;
export type Variant = (typeof variants)[number];
export type Disposition = 'inline' | 'attachment';

/** To whom a link was given, for what. */
export interface DocumentGrant {
  readonly principal: Pick<Principal, 'organizationId' | 'userId' | 'permissionEpoch' | 'sessionId'>;
  readonly documentId: string;
  readonly variant: Variant;
  readonly disposition: Disposition;
}

const claims = z.object({
  ...{ org: z.int(), sub: z.string(), epoch: z.int(), sid: z.string().optional(), doc: z.string() },
  ...{ variant: z.enum(variants), as: z.enum(['inline', 'attachment']) },
});

/** Links to documents: they name the organization and the user, and end with the user's session or rights. */
@Injectable()
export class DocumentLinks {
  constructor(private readonly links: SignedLinks) {}

  sign({ principal, documentId, variant, disposition }: DocumentGrant, expiresAt: Date): Promise<string> {
    const { organizationId, userId, permissionEpoch, sessionId } = principal;
    const about = { org: organizationId, sub: String(userId), epoch: permissionEpoch, sid: sessionId, doc: documentId };
    return this.links.sign(PURPOSE, { ...about, variant, as: disposition }, expiresAt);
  }

  async verify(token: string): Promise<DocumentGrant | undefined> {
    const read = claims.safeParse(await this.links.verify(PURPOSE, token));
    if (!read.success) return undefined;
    const { org, sub, epoch, sid, doc, variant, as } = read.data;
    const principal = { organizationId: org, userId: Number(sub), permissionEpoch: epoch, sessionId: sid };
    return { principal, documentId: doc, variant, disposition: as };
  }
}
