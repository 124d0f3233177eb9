import { DocumentAdded, DocumentLinkIssued, DocumentRemoved } from '@innkeep/contracts';
import { rawSql, sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** What became of the document, in the words of the trail. */
const what =
  rawSql(`case type when 'DocumentAdded' then 'document-kept' when 'DocumentLinkIssued' then 'document-viewed'
  else case data->>'reason' when 'erasure' then 'document-erased' else 'document-removed' end end`);

/** What became of the documents of each guest and who was shown them: as much a trail of the identity as that of the fields. */
export const documentTrail = defineProjection({
  name: 'guests_document_trail',
  version: 1,
  events: [DocumentAdded, DocumentLinkIssued, DocumentRemoved],
  table: 'guests.document_trail',
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, version, stay_id, document_id, what, by_user_id, purpose, at)
    select bucket, organization_id, version, substr(data->>'subject', 7)::uuid, (data->>'documentId')::uuid, ${what}, actor_id,
      data->>'purpose', recorded_at
    from ${batch} e
    where type in ('DocumentAdded', 'DocumentLinkIssued', 'DocumentRemoved') and data->>'subject' like 'guest:%'`,
});
