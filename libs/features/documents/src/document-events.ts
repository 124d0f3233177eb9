import type { EventSubject } from '@innkeep/contracts';
import { subjectText } from './document';
import type { StoredDocument } from './document.store';

/** Which document an event is about. */
export const aboutDocument = ({
  id,
  kind,
  subject,
  propertyId,
}: Pick<StoredDocument, 'id' | 'kind' | 'subject' | 'propertyId'>) => ({
  documentId: id,
  kind,
  subject: subjectText(subject),
  propertyId,
});

/** Whom an event about a document concerns. */
export const eventSubject = ({ id, propertyId }: Pick<StoredDocument, 'id' | 'propertyId'>): EventSubject => ({
  entityId: id,
  ...(propertyId !== null && { propertyId }),
});
