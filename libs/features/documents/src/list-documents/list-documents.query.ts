import { type Principal, documentKinds } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { type DocumentView, documentAnswer, subjectOf, subjectParameter } from '../document';
import { documentJson } from '../document.sql';
import { readableKinds } from '../documents.policies';

export const listDocumentsQuery = z.strictObject({
  subject: subjectParameter.optional().describe('What they belong to; by default everything'),
  kind: z.enum(documentKinds).optional().describe('By default all that you may read'),
  ...pageParameters,
});
export type DocumentFilter = z.output<typeof listDocumentsQuery>;
export const documentPage = pageOf(documentAnswer);

interface DocumentRow {
  readonly body: DocumentView;
}

/** The documents that the caller may read, the latest first. */
export class ListDocuments extends Query<Snapshot<DocumentRow>> {
  constructor(
    readonly principal: Principal,
    readonly filter: DocumentFilter,
    readonly before: string | null,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListDocuments)
export class ListDocumentsHandler implements IQueryHandler<ListDocuments> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, filter, before, minPosition }: ListDocuments): Promise<Snapshot<DocumentRow>> {
    const { organizationId, properties } = principal;
    const kinds = readableKinds(principal).filter((kind) => filter.kind === undefined || filter.kind === kind);
    const subject = filter.subject === undefined ? undefined : subjectOf(filter.subject);
    return this.reader.read<DocumentRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${documentJson} as body from documents.documents d
        where d.bucket = ${bucket} and d.organization_id = ${organizationId} and d.status = 'complete' and d.kind = any (${kinds}::text[])
          ${subject === undefined ? sql`` : sql`and d.subject_kind = ${subject.kind} and d.subject_id = ${subject.id}`}
          ${properties === 'all' ? sql`` : sql`and (d.property_id is null or d.property_id = any (${properties}::bigint[]))`}
          and (${before}::uuid is null or d.id < ${before})
        order by d.id desc limit ${filter.limit + 1}`,
    );
  }
}
