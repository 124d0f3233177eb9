import type { CacheFamily, Tag } from '@innkeep/contracts';
import { type EdgeLimits, noEdgeLimits } from './edge-limits';

export interface EdgeAnswer {
  readonly family: CacheFamily;
  readonly tags: readonly Tag[];
  /** A purge of one of the tags is still on its way. */
  readonly isPurgePending: boolean;
  /** The answer took so long that a purge may have passed it by. */
  readonly isLate: boolean;
  /** What is left of the caller's token: an answer kept for a token must not outlive it. */
  readonly secondsLeft: number;
}

/** The most that the tags of one answer may take in a header; beyond it the answer could not be purged and is not kept. */
const MAX_TAG_BYTES = 8 * 1024;
/** How long an edge may keep an answer while a purge of its tags is on its way: it cannot compare positions. In seconds. */
const PENDING_SECONDS = 2;

/**
 * Cache headers of an answer. Browsers get `private` and revalidate what users edit; the edge gets its own field (RFC 9213), which
 * browsers ignore, and the tags by which the answer is purged.
 */
export class EdgeHeaders {
  constructor(
    private readonly isBehindEdge: boolean,
    private readonly limits: EdgeLimits = noEdgeLimits,
  ) {}

  headers({ family, tags, isPurgePending, isLate, secondsLeft }: EdgeAnswer): Record<string, string> {
    const browser = family.browserSeconds > 0 ? `private, max-age=${family.browserSeconds}` : 'private, no-cache';
    if (!this.isBehindEdge) return { 'cache-control': browser };
    const surrogateKey = tags.join(' ');
    const limit = this.limits.secondsFor(family.name);
    const lifetime = Math.min(isPurgePending ? PENDING_SECONDS : family.edgeSeconds, Math.floor(secondsLeft), limit);
    if (isLate || surrogateKey.length > MAX_TAG_BYTES || lifetime <= 0)
      return { 'cache-control': browser, 'cdn-cache-control': 'no-store' };
    // What is capped is capped because something is wrong: nothing of it is served stale.
    const stale = isPurgePending || limit < family.edgeSeconds ? 0 : family.staleSeconds;
    return {
      'cache-control': browser,
      'cdn-cache-control': `max-age=${lifetime}, stale-while-revalidate=${stale}`,
      'surrogate-key': surrogateKey,
    };
  }
}
