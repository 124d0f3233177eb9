import { ERASED, type SealedField, type Subject } from '@innkeep/contracts';
import { closeBox, openBox } from './boxes';

/** The one spelling of a subject, in keys, in sealed fields and in what they are bound to. */
export const subjectName = ({ kind, id }: Subject): string => `${kind}:${id}`;

/** Where a sealed field stands. It is bound to the box: moved to another field, event type, subject or organization it does not open. */
export interface FieldPlace {
  readonly organizationId: number;
  readonly subject: string;
  readonly type: string;
  readonly field: string;
}

const belongsTo = ({ organizationId, subject, type, field }: FieldPlace) => [
  'event-field',
  organizationId,
  subject,
  type,
  field,
];

/** A text as the log holds it. Without a key, because the subject is erased, the text is not kept at all. */
export const sealField = (key: Buffer | undefined, place: FieldPlace, text: string): SealedField => ({
  sealedFor: place.subject,
  box: key ? closeBox(key, belongsTo(place), Buffer.from(text)).toString('base64url') : null,
});

/** The text that was sealed, or `erased` if the key is destroyed; throws if the box is not what belongs there. */
export const openField = (key: Buffer | undefined, place: FieldPlace, { box }: SealedField): string =>
  key && box !== null ? openBox(key, belongsTo(place), Buffer.from(box, 'base64url')).toString() : ERASED;
