import { z } from 'zod';

/** A limit: so many requests in a minute, or `off`. */
const perMinute = (fallback: number) =>
  z.union([z.literal('off'), z.coerce.number().int().min(1).max(100_000_000)]).default(fallback);

/** Limits by what they count and for whom, from the environment. */
export const rateLimitEnvironment = z.object({
  RATE_LIMIT_WRITE_USER: perMinute(100),
  RATE_LIMIT_WRITE_ORGANIZATION: perMinute(500),
  RATE_LIMIT_READ_USER: perMinute(300),
  /** Signed links to files. They count here and not among the changes. */
  RATE_LIMIT_SIGNED_URL_USER: perMinute(50),
  RATE_LIMIT_SIGNED_URL_ORGANIZATION: perMinute(500),
  /** Requests without a token, by address: sign-in, sign-up. */
  RATE_LIMIT_ADDRESS: perMinute(60),
  /** Files that are put or got by a signed link, by address: a house has one for all who work in it, and a page shows many previews. */
  RATE_LIMIT_FILE_ADDRESS: perMinute(1_200),
  /** Whether the plan of an organization limits its requests too. */
  RATE_LIMIT_PLAN: z.enum(['on', 'off']).default('on'),
});
export type RateLimits = z.infer<typeof rateLimitEnvironment>;

export type LimitName =
  'write-user' | 'write-org' | 'read-user' | 'signed-url-user' | 'signed-url-org' | 'address' | 'file-address';

/** The limit that the plan of an organization sets. */
export const PLAN_LIMIT = 'plan';

/** The window that all limits are given in, in seconds. */
export const WINDOW_SECONDS = 60;

const variables: Readonly<Record<LimitName, Exclude<keyof RateLimits, 'RATE_LIMIT_PLAN'>>> = {
  'write-user': 'RATE_LIMIT_WRITE_USER',
  'write-org': 'RATE_LIMIT_WRITE_ORGANIZATION',
  'read-user': 'RATE_LIMIT_READ_USER',
  'signed-url-user': 'RATE_LIMIT_SIGNED_URL_USER',
  'signed-url-org': 'RATE_LIMIT_SIGNED_URL_ORGANIZATION',
  address: 'RATE_LIMIT_ADDRESS',
  'file-address': 'RATE_LIMIT_FILE_ADDRESS',
};

/** The limits that are on. */
export const limitsByName = (limits: RateLimits): readonly (readonly [LimitName, number])[] =>
  Object.entries(variables).flatMap(([name, variable]) => {
    const limit = limits[variable];
    return limit === 'off' ? [] : [[name as LimitName, limit] as const];
  });
