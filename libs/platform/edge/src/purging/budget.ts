import type { PurgeQuota } from './provider';

/** Requests bunch up on their way, and the provider counts them when they arrive: so much of its quota is used. */
const SHARE = 0.95;
const ROUNDING_MS = 0.01;

/** The part of a quota that is used. */
export const usedQuota = ({ perSecond, burst, counts }: PurgeQuota): PurgeQuota => ({
  perSecond: perSecond * SHARE,
  burst: Math.max(1, Math.floor(burst * SHARE)),
  counts,
});

/**
 * Takes `count` tokens from a bucket that refills evenly. One number is all there is to keep: the time at which the bucket would be full
 * again. Answers with that time, and how long to wait if there were not enough, in which case none was taken.
 */
export function takeTokens(
  fullAt: number,
  { perSecond, burst }: PurgeQuota,
  count: number,
  now: number,
): { readonly fullAt: number; readonly waitMs: number } {
  const interval = 1_000 / perSecond;
  const from = Math.max(fullAt, now);
  // More than a full bucket holds is let through by one that is full: it would wait for ever.
  const until = from + Math.min(count, burst) * interval;
  // What is left of the sum by its rounding is no time to wait.
  const waitMs = Math.ceil(until - now - burst * interval - ROUNDING_MS);
  return waitMs > 0 ? { fullAt, waitMs } : { fullAt: until, waitMs: 0 };
}
