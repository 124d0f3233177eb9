import { type DocumentKind, documentKinds, label } from '@innkeep/contracts';
import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';
import { MAX_BYTES, type MediaType, fileEndings, mediaTypes } from './document-kinds';

/** For how long a file may be put, from the start of its upload. */
export const UPLOAD_MINUTES = 15;

/** What a document belongs to: a kind of thing and an id, or the organization itself. */
export interface Subject {
  readonly kind: string;
  readonly id: string;
}

const OF_ORGANIZATION: Subject = { kind: 'organization', id: 'self' };

/** A subject as it is written: `transaction:0198…`, or `organization`. */
export const subjectText = ({ kind, id }: Subject): string => (kind === OF_ORGANIZATION.kind ? kind : `${kind}:${id}`);

/** A subject as it was written, by a text that `subjectParameter` has let through. */
export function subjectOf(text: string): Subject {
  const [kind, id] = text.split(':', 2) as [string, string?];
  return id === undefined ? OF_ORGANIZATION : { kind, id };
}

/** Whether it is about somebody who comes to stay: then it goes when they may not be known any more. */
export const isOfGuest = ({ kind }: Subject): boolean => kind === 'guest';

/** What a document belongs to, as a client says it. */
export const subjectParameter = z
  .string()
  .regex(
    /^(?:organization|(?!organization:)[a-z]{1,20}:[a-zA-Z\d][\w-]{0,63})$/,
    'is a kind and an id, such as transaction:0198c5e2-…',
  )
  .describe('What it belongs to: a kind of thing and its id, or `organization`')
  .meta({ example: 'transaction:0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11' });

/** A name for people to read. No file is kept under it. */
const fileName = label(200)
  .regex(/^[.\s]*[^/\\.\s][^/\\]*$/, 'is the name of a file, without folders')
  .describe('For people to read, and to be saved under')
  .meta({ maxLength: 200, example: 'Receipt towels.pdf' });

const sha256 = z
  .string()
  .regex(/^[\da-f]{64}$/, 'is a SHA-256 in 64 hexadecimal digits')
  .meta({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' });

/** An upload as it is asked for. */
export const startUploadBody = z
  .strictObject({
    kind: z.enum(documentKinds).describe('What sort of document; `task-image` and `logo` can be seen by everybody'),
    subject: subjectParameter,
    name: fileName.describe('For people to read. Papers of guests get a name of their kind instead'),
    mediaType: z.enum(mediaTypes).describe('What the file is. What it is not is refused'),
    bytes: z.int().min(1).max(MAX_BYTES).describe('How long the file is'),
    sha256: sha256.describe('Of the whole file'),
  })
  .meta({
    example: {
      kind: 'receipt',
      subject: 'transaction:0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11',
      name: 'Receipt towels.pdf',
      mediaType: 'application/pdf',
      bytes: 48_213,
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    },
  });
export type UploadInput = z.output<typeof startUploadBody>;

/**
 * The name that a document is kept under. Papers of guests get one of ours: people write the names of guests there, and what is said of an
 * upload is also kept where no erasure looks for it.
 */
export function keptName({ kind, subject, name, mediaType }: UploadInput): string {
  return isOfGuest(subjectOf(subject)) ? `${kind}.${fileEndings[mediaType]}` : name;
}

/** A document as clients see it. */
export const documentAnswer = z
  .object({
    id: shapes.uuidId,
    status: z
      .enum(['started', 'complete', 'refused'])
      .describe('`started`: its file is not there yet; `refused`: it was not what it was said to be')
      .meta({ example: 'complete' }),
    kind: z.enum(documentKinds).meta({ example: 'receipt' }),
    subject: shapes.text('transaction:0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11'),
    propertyId: shapes.numericId.nullable(),
    name: shapes.text('Receipt towels.pdf'),
    mediaType: shapes.text('application/pdf'),
    bytes: shapes.count,
    sha256,
    addedBy: shapes.numericId,
    startedAt: shapes.instant,
    completedAt: shapes.instant.nullable(),
    retainUntil: shapes.instant.nullable().describe('When it is removed by itself; receipts are kept until then'),
    preview: z
      .enum(['none', 'waiting', 'ready', 'failed'])
      .describe('Whether there is a small image of it. `none`: of such a file none is made')
      .meta({ example: 'none' }),
    width: shapes.count.nullable().meta({ example: null }),
    height: shapes.count.nullable().meta({ example: null }),
    assetUrl: shapes
      .text('/assets/9f86d081884c7d659a2feaa0c55ad015/logo.webp')
      .nullable()
      .describe('Where everybody can see it, for kinds that are public'),
  })
  .meta({ id: 'Document' });
export type DocumentView = z.output<typeof documentAnswer>;

/** An upload as it was started, and as it is kept with the idempotency key: nobody puts a file by what is kept. */
export interface StartedUpload {
  readonly document: DocumentView;
  readonly uploadUntil: string;
}

/** An upload with the request that puts the file. */
export const uploadAnswer = z
  .object({
    document: documentAnswer,
    upload: z.object({
      method: z.literal('PUT').meta({ example: 'PUT' }),
      url: shapes
        .text('/v1/uploads/0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11/content?token=eyJhbGciOiJIUzI1NiJ9.e30.c2ln')
        .describe(
          'Where the file is to be put; a path is on this host. Whoever has it may put it: it needs no access token',
        ),
      headers: z
        .record(z.string(), z.string())
        .describe('To be sent as they are')
        .meta({ example: { 'content-type': 'application/pdf', 'content-length': '48213' } }),
      expiresAt: shapes.instant,
    }),
  })
  .meta({ id: 'Upload' });

/** What a document is, for whoever looks after its file. */
export interface DocumentFile {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly subject: Subject;
  readonly mediaType: MediaType;
  readonly bytes: number;
  readonly sha256: string;
}

/** Where a file is put before anybody has looked at it. */
export const stagingOf = (organizationId: number, id: string): string => `uploads/org/${organizationId}/${id}`;

/** Where a file is kept. Each look at an upload has a place of its own, so that what was looked at is what is kept. */
export function fileOf(organizationId: number, { id, kind, subject }: DocumentFile, attempt: string): string {
  const folder = kind === 'guest-id' ? 'guest-documents' : 'documents';
  return `${folder}/org/${organizationId}/${subject.kind}/${subject.id}/${id}.${attempt}`;
}

/** Where the small image of a file is kept. */
export const previewOf = (file: string): string => `${file}.preview`;

/** Where a public image is kept. */
export const assetOf = (organizationId: number, hash: string): string => `assets/org/${organizationId}/${hash}`;

/** Where files are kept, of all organizations. */
export const folders = ['uploads', 'documents', 'guest-documents', 'assets'] as const;

/** Everywhere that files of an organization are kept. */
export const foldersOf = (organizationId: number): string[] =>
  folders.map((folder) => `${folder}/org/${organizationId}`);
