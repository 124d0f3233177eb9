import type { DocumentKind } from '@innkeep/contracts';
import { Reader, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { DocumentFile } from '../document';
import type { MediaType } from '../document-kinds';

/** An upload, for whoever takes its file or looks at it. */
export interface Upload extends DocumentFile {
  /** The file is still waited for. */
  readonly isOpen: boolean;
  readonly addedBy: number;
}

interface Row {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly media_type: MediaType;
  readonly bytes: number;
  readonly sha256: string;
  readonly is_open: boolean;
  readonly added_by: number;
}

/** An upload by its id; undefined if there is none. */
export class GetUpload extends Query<Upload | undefined> {
  constructor(
    readonly organizationId: number,
    readonly id: string,
  ) {
    super();
  }
}

@QueryHandler(GetUpload)
export class GetUploadHandler implements IQueryHandler<GetUpload> {
  constructor(private readonly reader: Reader) {}

  async execute({ organizationId, id }: GetUpload): Promise<Upload | undefined> {
    const { rows } = await this.reader.read<Row>(
      { organizationId },
      ({ bucket }) => sql`
        select d.id, d.kind, d.subject_kind, d.subject_id, d.media_type, d.bytes::float8 as bytes, d.sha256, d.status = 'started' as is_open,
          d.started_by::float8 as added_by
        from documents.documents d where d.bucket = ${bucket} and d.organization_id = ${organizationId} and d.id = ${id}`,
    );
    const [row] = rows;
    if (!row) return undefined;
    const { id: documentId, kind, bytes, sha256 } = row;
    const subject = { kind: row.subject_kind, id: row.subject_id };
    const file = { id: documentId, kind, subject, mediaType: row.media_type, bytes, sha256 };
    return { ...file, isOpen: row.is_open, addedBy: row.added_by };
  }
}
