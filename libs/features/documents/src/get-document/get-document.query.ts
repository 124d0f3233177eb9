import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { DocumentView } from '../document';
import { documentJson } from '../document.sql';
import { assertMayFollow } from '../documents.policies';

interface DocumentRow {
  readonly body: DocumentView;
}

/** One document, and how far its upload is. */
export class GetDocument extends Query<Snapshot<DocumentRow>> {
  constructor(
    readonly principal: Principal,
    readonly id: string,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetDocument)
export class GetDocumentHandler implements IQueryHandler<GetDocument> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, id, minPosition }: GetDocument): Promise<Snapshot<DocumentRow>> {
    const { organizationId } = principal;
    const snapshot = await this.reader.read<DocumentRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${documentJson} as body from documents.documents d
        where d.bucket = ${bucket} and d.organization_id = ${organizationId} and d.id = ${id} and d.status in ('started', 'complete', 'refused')`,
    );
    assertMayFollow(principal, snapshot.rows[0]?.body);
    return snapshot;
  }
}
