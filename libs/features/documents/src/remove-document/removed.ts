import { DocumentRemoved } from '@innkeep/contracts';
import type { OrganizationTransaction } from '@innkeep/platform/database';
import { aboutDocument, eventSubject } from '../document-events';
import type { DocumentStore, StoredDocument } from '../document.store';

/** Why a document is gone. */
type Reason = 'deleted' | 'retention' | 'erasure';

/** Removes a document, and tells of it; its files follow. Of an upload that was never completed nobody has been told anything. */
export function removeDocument(
  store: DocumentStore,
  transaction: OrganizationTransaction,
  found: StoredDocument,
  reason: Reason,
): null {
  store.remove(transaction, found.id);
  const event = { ...aboutDocument(found), reason, assetHash: found.assetHash };
  if (found.status === 'complete') transaction.record(DocumentRemoved(event, eventSubject(found)));
  return null;
}
