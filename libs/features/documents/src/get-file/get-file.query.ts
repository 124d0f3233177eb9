import { Reader, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { DocumentGrant } from '../document-links';

/** The file that a link leads to. */
export interface LinkedFile {
  readonly file: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sha256: string;
  readonly hasPreview: boolean;
}

/** The file that a link leads to; undefined if it leads to none any more. */
export class GetFileOfDocument extends Query<LinkedFile | undefined> {
  constructor(readonly grant: DocumentGrant) {
    super();
  }
}

@QueryHandler(GetFileOfDocument)
export class GetFileOfDocumentHandler implements IQueryHandler<GetFileOfDocument> {
  constructor(private readonly reader: Reader) {}

  async execute({ grant: { principal, documentId } }: GetFileOfDocument): Promise<LinkedFile | undefined> {
    const { organizationId, userId, permissionEpoch, sessionId = null } = principal;
    // Whoever was erased is not shown from that moment on, although the file may take another to go.
    // Revocations are kept for as long as a link is good: what has ended since the link was made is found.
    const { rows } = await this.reader.read<LinkedFile>(
      { organizationId },
      ({ bucket }) => sql`
        select d.file, d.name, d.media_type as "mediaType", d.sha256, d.preview = 'ready' as "hasPreview" from documents.documents d
        where d.bucket = ${bucket} and d.organization_id = ${organizationId} and d.id = ${documentId} and d.status = 'complete'
          and not exists (select from privacy.subject_keys k
            where k.bucket = d.bucket and k.organization_id = d.organization_id and k.subject = d.subject_kind || ':' || d.subject_id
              and k.erased_at is not null)
          and not exists (select from http.revocations r
            where r.bucket = d.bucket and r.organization_id = d.organization_id and r.user_id = ${userId}
              and (r.session_id = ${sessionId} or r.permission_epoch > ${permissionEpoch}))`,
    );
    return rows[0];
  }
}
