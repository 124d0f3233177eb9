/**
 * How long an answer may live where: `browserSeconds` in the caller's own cache, `edgeSeconds` at the CDN (which is purged),
 * `staleSeconds` served while a fresh one is fetched. Families that users edit get no browser lifetime: a purge never reaches a
 * browser, so it has to revalidate.
 */
export interface CacheFamily {
  readonly name: string;
  readonly browserSeconds: number;
  readonly edgeSeconds: number;
  readonly staleSeconds: number;
}

const family = (name: string, edgeSeconds: number, browserSeconds: number, staleSeconds: number): CacheFamily => ({
  name,
  edgeSeconds,
  browserSeconds,
  staleSeconds,
});

const minute = 60;

/** The table of families. Stale-while-revalidate never exceeds the edge lifetime where a stale balance would mislead. */
export const cacheFamilies = {
  properties: family('properties', 30 * minute, 0, 5 * minute),
  finance: family('finance', 5 * minute, 0, 3),
  reports: family('reports', 15 * minute, 0, 3),
  /** Answers that say "today": short, and never stale, because a day that is over is wrong however little changed. */
  dashboard: family('dashboard', minute, 0, 0),
} as const;
