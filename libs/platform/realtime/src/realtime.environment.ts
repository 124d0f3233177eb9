import { z } from 'zod';

/** How many may listen at once, from the environment. */
export const realtimeEnvironment = z.object({
  /** Streams that one user may have open, over all processes. */
  LIVE_STREAMS_USER: z.coerce.number().int().min(1).max(1_000_000).default(10),
  /** Streams that the users of one organization may have open together. */
  LIVE_STREAMS_ORGANIZATION: z.coerce.number().int().min(1).max(1_000_000).default(1_000),
  /** Requests that may wait for something to happen, at one process. */
  LIVE_WAITERS: z.coerce.number().int().min(1).max(1_000_000).default(5_000),
});
export type RealtimeLimits = z.infer<typeof realtimeEnvironment>;
