import { z } from 'zod';

/** A limit: so many requests in a minute. */
const perMinute = (fallback: number) => z.coerce.number().int().min(1).max(100_000_000).default(fallback);

/** Limits by what they count and for whom, from the environment. */
export const rateLimitEnvironment = z.object({
  RATE_LIMIT_WRITE_USER: perMinute(100),
  RATE_LIMIT_WRITE_ORGANIZATION: perMinute(500),
  RATE_LIMIT_READ_USER: perMinute(300),
  /** Requests without a token, by address: sign-in, sign-up. */
  RATE_LIMIT_ADDRESS: perMinute(60),
});
export type RateLimits = z.infer<typeof rateLimitEnvironment>;

export type LimitName = 'write-user' | 'write-org' | 'read-user' | 'address';

/** The window that all limits are given in, in seconds. */
export const WINDOW_SECONDS = 60;

export const limitsByName = (limits: RateLimits): Record<LimitName, number> => ({
  'write-user': limits.RATE_LIMIT_WRITE_USER,
  'write-org': limits.RATE_LIMIT_WRITE_ORGANIZATION,
  'read-user': limits.RATE_LIMIT_READ_USER,
  address: limits.RATE_LIMIT_ADDRESS,
});
