/**
 * How long an answer may live where: `browserSeconds` in the caller's own cache, `edgeSeconds` at the CDN (which is purged),
 * `staleSeconds` served there while a fresh one is fetched. A purge never reaches a browser, so what users edit is revalidated
 * there every time, whatever `browserSeconds` says.
 */
export interface CacheFamily {
  readonly name: string;
  readonly browserSeconds: number;
  readonly edgeSeconds: number;
  readonly staleSeconds: number;
  /** Users edit what it shows, and are to see what they did: browsers revalidate. */
  readonly isEdited: boolean;
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Names of usual lifetimes, for what is in no family: how long an answer is fresh, and how long it may be served stale after. */
export const cachePresets = {
  short: { freshSeconds: minute, staleSeconds: 5 * minute },
  medium: { freshSeconds: 5 * minute, staleSeconds: 15 * minute },
  long: { freshSeconds: hour, staleSeconds: 6 * hour },
  public: { freshSeconds: day, staleSeconds: 7 * day },
  noCache: { freshSeconds: 0, staleSeconds: 0 },
} as const;
export type CachePreset = keyof typeof cachePresets;

/** The Cache-Control of a preset: `public` only for what is the same for everybody. */
export function presetControl(preset: CachePreset): string {
  if (preset === 'noCache') return 'no-store';
  const { freshSeconds, staleSeconds } = cachePresets[preset];
  const scope = preset === 'public' ? 'public' : 'private';
  return `${scope}, max-age=${freshSeconds}, stale-while-revalidate=${staleSeconds}`;
}

const family = (
  name: string,
  edgeSeconds: number,
  browserSeconds: number,
  staleSeconds: number,
  isEdited = true,
): CacheFamily => ({ name, edgeSeconds, browserSeconds, staleSeconds, isEdited });

/** How long an answer that somebody may have changed is served stale: as long as a soft purge allows. In seconds. */
const BALANCE_STALE = 3;

/** The one table of families. None is served stale for longer than it is kept fresh. */
export const cacheFamilies = {
  properties: family('properties', 30 * minute, 5 * minute, 5 * minute),
  branding: family('branding', 30 * minute, 10 * minute, 15 * minute),
  analytics: family('analytics', 5 * minute, minute, 5 * minute, false),
  finance: family('finance', 5 * minute, minute, BALANCE_STALE),
  reports: family('reports', 15 * minute, 5 * minute, BALANCE_STALE),
  staff: family('staff', 3 * minute, minute, BALANCE_STALE),
  tasks: family('tasks', 2 * minute, 30, BALANCE_STALE),
  checkIn: family('check-in', minute, 15, BALANCE_STALE),
  /** Answers that say "today": short, and never stale, because a day that is over is wrong however little changed. */
  dashboard: family('dashboard', minute, 0, 0),
} as const satisfies Readonly<Record<string, CacheFamily>>;
