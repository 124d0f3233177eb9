import {
  type DocumentKind,
  type DocumentOwnerFacts,
  type Principal,
  type Role,
  maySeeProperty,
} from '@innkeep/contracts';
import { forbidden, notFound } from '@innkeep/platform/http';
import { kindRules } from './document-kinds';
import { type UploadInput, subjectOf } from './document';
import { refuse } from './documents.problems';

/** What decides about who may see a document. */
export interface Seen {
  readonly kind: DocumentKind;
  readonly propertyId: number | null;
  readonly addedBy: number;
}

/** Whether a role is among these; the system may do what anybody may. */
const isAmong = (roles: readonly Role[], { role }: Principal): boolean => role === 'system' || roles.includes(role);

/** Documents of a property are for who looks after it; those of the organization for everybody in it. */
const isWithin = (principal: Principal, propertyId: number | null): boolean =>
  propertyId === null || maySeeProperty(principal, propertyId);

/** The kinds of documents that somebody may read. */
export const readableKinds = (principal: Principal): DocumentKind[] =>
  (Object.keys(kindRules) as DocumentKind[]).filter((kind) => isAmong(kindRules[kind].readers, principal));

/** Refuses an upload that the caller may not make, or that is none of its kind. */
export function assertMayUpload(principal: Principal, { kind, subject, mediaType, bytes }: UploadInput): void {
  const rules = kindRules[kind];
  if (!isAmong(rules.uploaders, principal)) throw forbidden(`Your role does not upload documents of the kind ${kind}.`);
  if (!rules.subjects.includes(subjectOf(subject).kind))
    throw refuse('document-owner-unknown', `A ${kind} belongs to one of: ${rules.subjects.join(', ')}.`, [
      { pointer: '/subject', detail: `is not of a kind that a ${kind} belongs to` },
    ]);
  if (!rules.mediaTypes.includes(mediaType))
    throw refuse('document-not-taken', `A ${kind} is one of: ${rules.mediaTypes.join(', ')}.`, [
      { pointer: '/mediaType', detail: `is not taken as a ${kind}` },
    ]);
  if (bytes > rules.maxBytes)
    throw refuse('document-not-taken', `A ${kind} has at most ${rules.maxBytes} bytes.`, [
      { pointer: '/bytes', detail: 'is more than is taken' },
    ]);
}

/** What is to own a document, if the caller may see it. */
export function ownerFor(principal: Principal, facts: DocumentOwnerFacts | undefined): DocumentOwnerFacts {
  if (!facts || !isWithin(principal, facts.propertyId))
    throw refuse('document-owner-unknown', 'Use the id of something that you can see.', [
      { pointer: '/subject', detail: 'is not there, or not yours to see' },
    ]);
  return facts;
}

/** Another property's document is as absent as one that does not exist; so is one of a kind that is not for the caller. */
export function assertMayRead<Found extends Seen>(
  principal: Principal,
  found: Found | undefined,
): asserts found is Found {
  if (!found || !isWithin(principal, found.propertyId)) throw notFound('document');
  if (!isAmong(kindRules[found.kind].readers, principal)) throw notFound('document');
}

/** Who has added it may see what has become of it, also where the kind is not for them to read. */
export function assertMayFollow<Found extends Seen>(
  principal: Principal,
  found: Found | undefined,
): asserts found is Found {
  if (found?.addedBy === principal.userId && isWithin(principal, found.propertyId)) return;
  assertMayRead(principal, found);
}

/** Owners and managers delete; staff what they have added themselves. */
export function assertMayDelete<Found extends Seen>(
  principal: Principal,
  found: Found | undefined,
): asserts found is Found {
  assertMayFollow(principal, found);
  const isLeading = principal.role === 'owner' || principal.role === 'manager';
  if (!isLeading && !(principal.role === 'staff' && found.addedBy === principal.userId))
    throw forbidden('Only who added it, a manager or an owner deletes a document.');
}
