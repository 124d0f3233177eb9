import { type CacheFamily, type Tag, aliasOf, tags } from '@innkeep/contracts';
import { type EdgeLimits, noEdgeLimits } from './edge-limits';
import type { ProviderName } from './purging/providers';

export interface EdgeAnswer {
  readonly family: CacheFamily;
  readonly tags: readonly Tag[];
  /** A purge of one of the tags is still on its way. */
  readonly isPurgePending: boolean;
  /** The answer took so long that a purge may have passed it by. */
  readonly isLate: boolean;
  /** The longest that the answer is true if nothing happens, in seconds. */
  readonly secondsLeft?: number | null;
  /** The edge has shown that it keeps answers by the caller's tenant partition. */
  readonly isPartitioned: boolean;
}

/** An answer that is the same for everybody. */
export interface PublicAnswer extends Pick<EdgeAnswer, 'tags' | 'isPurgePending' | 'isLate'> {
  /** How long it may be kept. */
  readonly seconds: number;
}

/** The most that the tags of one answer may take in a header; beyond it the answer could not be purged and is not kept. */
const MAX_TAG_BYTES = 8 * 1024;
/** The most tags that CloudFront reads of one object. */
const MAX_CLOUDFRONT_TAGS = 50;
/** The most groups that every cache has to support (RFC 9875). */
const MAX_GROUPS = 32;
/** How long an edge may keep an answer while a purge of its tags is on its way: it cannot compare positions. In seconds. */
const PENDING_SECONDS = 2;

/** In whose header, and written how, each kind of edge reads tags. None of them reads another's. */
const tagHeaders = {
  varnish: { name: 'surrogate-key', separator: ' ' },
  fastly: { name: 'surrogate-key', separator: ' ' },
  cloudflare: { name: 'cache-tag', separator: ',' },
  cloudfront: { name: 'cache-tag', separator: ',' },
} as const;

/**
 * Cache headers of an answer. Browsers get `private` and revalidate what users edit; the edge gets its own field (RFC 9213), which
 * browsers ignore, and the tags by which the answer is purged, in the field that it reads. An edge that has not shown the caller's
 * tenant partition would keep the answer under a key that others share: it gets neither.
 */
export class EdgeHeaders {
  private readonly kinds: readonly Exclude<ProviderName, 'log'>[];

  constructor(
    kinds: readonly ProviderName[],
    readonly limits: EdgeLimits = noEdgeLimits,
  ) {
    this.kinds = kinds.filter((kind) => kind !== 'log');
  }

  headers(answer: EdgeAnswer): Record<string, string> {
    const { family, tags } = answer;
    const headers: Record<string, string> = { 'cache-control': browserControl(family), ...cacheGroups(tags) };
    if (this.kinds.length === 0) return headers;
    const seconds = this.secondsOf(answer);
    if (seconds <= 0 || !answer.isPartitioned || !this.fits(tags))
      return { ...headers, 'cdn-cache-control': 'no-store' };
    // What is capped is capped because something is wrong: nothing of it is served stale.
    const isCapped = this.limits.secondsFor(family.name) < family.edgeSeconds;
    const stale = answer.isPurgePending || isCapped ? 0 : Math.min(family.staleSeconds, seconds);
    const lifetime = `max-age=${seconds}, stale-while-revalidate=${stale}`;
    headers['cdn-cache-control'] = lifetime;
    // Fastly reads this one before any other; the others ignore it.
    if (this.kinds.includes('fastly')) headers['surrogate-control'] = lifetime;
    return { ...headers, ...this.tagFields(tags) };
  }

  /**
   * Headers of what is everybody's and does not change until it is taken away, such as a public image: browsers keep it for so many
   * seconds, and so does the edge, unless it is purged.
   */
  publicHeaders({ tags, seconds, isPurgePending, isLate }: PublicAnswer): Record<string, string> {
    const headers = { 'cache-control': `public, max-age=${seconds}, immutable` };
    if (this.kinds.length === 0) return headers;
    if (isLate) return { ...headers, 'cdn-cache-control': 'no-store' };
    const lifetime = `max-age=${isPurgePending ? Math.min(PENDING_SECONDS, seconds) : seconds}`;
    return {
      ...headers,
      'cdn-cache-control': lifetime,
      ...(this.kinds.includes('fastly') && { 'surrogate-control': lifetime }),
      ...this.tagFields(tags),
    };
  }

  /** The tags, in the field of each edge there is. */
  tagFields(tags: readonly Tag[]): Record<string, string> {
    return Object.fromEntries(
      this.kinds.map((kind) => [tagHeaders[kind].name, tags.join(tagHeaders[kind].separator)] as const),
    );
  }

  private secondsOf({ family, isPurgePending, isLate, secondsLeft }: EdgeAnswer): number {
    if (isLate) return 0;
    const usual = isPurgePending ? PENDING_SECONDS : family.edgeSeconds;
    return Math.floor(Math.min(usual, secondsLeft ?? usual, this.limits.secondsFor(family.name)));
  }

  private fits(tags: readonly Tag[]): boolean {
    const bytes = tags.reduce((sum, { length }) => sum + length + 1, -1);
    return bytes <= MAX_TAG_BYTES && (tags.length <= MAX_CLOUDFRONT_TAGS || !this.kinds.includes('cloudfront'));
  }
}

const browserControl = ({ isEdited, browserSeconds }: CacheFamily): string =>
  isEdited || browserSeconds <= 0 ? 'private, no-cache' : `private, max-age=${browserSeconds}`;

/**
 * What the answer to a change tells caches on its way to forget (RFC 9875): the caller's own, which no purge reaches. Of more groups than
 * every cache has to support only the organization's is named, which all of its answers carry.
 */
export function invalidatedGroups(changed: readonly Tag[], organizationId: number): Record<string, string> {
  const groups = [...new Set(changed)];
  if (groups.length === 0) return {};
  const named = groups.length > MAX_GROUPS ? [tags.organization(organizationId)] : groups;
  return { 'cache-group-invalidation': named.map((tag) => `"${aliasOf(tag)}"`).join(', ') };
}

/** The tags in short (RFC 9875), or nothing: of some groups only, an answer would outlive the others. */
function cacheGroups(tags: readonly Tag[]): Record<string, string> {
  if (tags.length === 0 || tags.length > MAX_GROUPS) return {};
  return { 'cache-groups': tags.map((tag) => `"${aliasOf(tag)}"`).join(', ') };
}
