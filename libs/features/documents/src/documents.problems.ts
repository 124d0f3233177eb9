import { DomainError, type FieldError, defineProblems } from '@innkeep/contracts';

export const documentProblems = defineProblems({
  'document-owner-unknown': [422, 'There is nothing by this id that a document could belong to'],
  'document-not-taken': [422, 'Such a file is not taken for this kind of document'],
  'document-kept': [409, 'The document has to be kept'],
  'document-link-invalid': [403, 'The link does not lead to a document'],
  'upload-link-invalid': [403, 'The link is not good for an upload'],
  'upload-incomplete': [409, 'No file has been put yet'],
  'upload-closed': [409, 'The upload is over'],
  'upload-refused': [422, 'The file is not what it was said to be'],
});

type Name = keyof typeof documentProblems;

/** A refusal of the catalogue, with what of the request it is about. */
export const refuse = (name: Name, detail: string, errors?: readonly FieldError[]) =>
  new DomainError(documentProblems[name], detail, { errors });

/** For links that are made up, changed, too old or ended with the rights of whoever asked for them: which of these is not told. */
export const documentLinkInvalid = () => refuse('document-link-invalid', 'Ask for a new link to the document.');

export const uploadLinkInvalid = () =>
  refuse('upload-link-invalid', 'Start the upload anew: an upload link is good for 15 minutes.');

/** Why a file is refused, in words for whoever put it. */
export const refusals = {
  bytes: 'It is not as long as it was said to be.',
  sha256: 'Its SHA-256 is not the one that was said.',
  mediaType: 'By its first bytes it is not of the type that was said.',
  subject: 'What it was to belong to is gone, or may not be kept any more.',
} as const;
export type Refusal = keyof typeof refusals;

export const uploadRefused = (refusal: Refusal) =>
  refuse('upload-refused', `${refusals[refusal]} Nothing of it was kept; start another upload.`, [
    { pointer: `/${refusal}`, detail: refusal === 'subject' ? 'is gone' : 'is not that of the file' },
  ]);
