import type { DocumentKind, Role } from '@innkeep/contracts';

/** Photographs that can be made smaller. */
const photos = ['image/jpeg', 'image/png', 'image/webp'] as const;
/** What phones make of photographs and nothing here can decode. */
const phonePhotos = ['image/heic', 'image/heif'] as const;
const office = [
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
] as const;

/** Everything that may be uploaded: what can be told by its first bytes, and cannot bring script along that a browser would run. */
export const mediaTypes = ['application/pdf', ...photos, ...phonePhotos, 'image/gif', ...office] as const;
export type MediaType = (typeof mediaTypes)[number];

/** How the names of files end, by what they are. */
export const fileEndings: Readonly<Record<MediaType, string>> = {
  ...{ 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp', 'image/gif': 'gif' },
  ...{ 'image/heic': 'heic', 'image/heif': 'heif' },
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
};

const papers: readonly MediaType[] = ['application/pdf', ...photos, ...phonePhotos];

/** The most that any file has. */
export const MAX_BYTES = 32 * 1024 * 1024;

/** What is settled for all documents of one kind. */
export interface KindRules {
  readonly mediaTypes: readonly MediaType[];
  readonly maxBytes: number;
  /** What they may belong to. */
  readonly subjects: readonly string[];
  readonly uploaders: readonly Role[];
  readonly readers: readonly Role[];
  /** How long a link is good, in minutes: by itself, and at the most. */
  readonly linkMinutes: { readonly usual: number; readonly most: number };
  /** How long they are kept, whatever anybody wants, where they prove what stands in the books. */
  readonly keptYears?: number;
  /** Everybody may see them, without signing in. */
  readonly isPublic?: true;
}

const leading: readonly Role[] = ['owner', 'manager'];
const working: readonly Role[] = ['owner', 'manager', 'staff'];
const everybody: readonly Role[] = ['owner', 'manager', 'staff', 'auditor'];
const anHour = { usual: 60, most: 60 };

/** The one table of kinds. */
export const kindRules: Readonly<Record<DocumentKind, KindRules>> = {
  'guest-id': {
    ...{ mediaTypes: papers, maxBytes: 16 * 1024 * 1024, subjects: ['guest'], uploaders: working, readers: leading },
    linkMinutes: { usual: 60, most: 120 },
  },
  receipt: {
    ...{ mediaTypes: papers, maxBytes: MAX_BYTES, subjects: ['transaction'], uploaders: working, readers: everybody },
    linkMinutes: { usual: 240, most: 360 },
    keptYears: 7,
  },
  'task-image': {
    ...{ mediaTypes: photos, maxBytes: 16 * 1024 * 1024, subjects: ['task'], uploaders: working, readers: everybody },
    linkMinutes: anHour,
    isPublic: true,
  },
  logo: {
    ...{ mediaTypes: photos, maxBytes: 2 * 1024 * 1024, subjects: ['organization'], uploaders: leading },
    ...{ readers: everybody, linkMinutes: anHour },
    isPublic: true,
  },
  other: {
    ...{ mediaTypes, maxBytes: MAX_BYTES, subjects: ['transaction', 'guest', 'task', 'organization'] },
    ...{ uploaders: leading, readers: ['owner', 'manager', 'auditor'], linkMinutes: anHour },
  },
};

/** Whether smaller images can be made of a file of this type. */
export const hasPreview = (mediaType: string): boolean => [...photos, 'image/gif'].includes(mediaType as never);

/** Whether a browser may show a file in its place, where it can do no harm. */
export const mayBeInline = (mediaType: string): boolean =>
  mediaType === 'application/pdf' || (mediaType.startsWith('image/') && mediaType !== 'image/svg+xml');
