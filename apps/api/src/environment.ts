import { port, sharedEnvironment } from '@innkeep/platform/config';
import { rateLimitEnvironment, signInEnvironment } from '@innkeep/platform/http';
import { z } from 'zod';

export const apiEnvironment = z.object({
  ...sharedEnvironment.shape,
  ...rateLimitEnvironment.shape,
  ...signInEnvironment.shape,
  /** Where the API listens. */
  PORT: port(4000),
  HOST: z.string().default('0.0.0.0'),
  /** Private keys for access tokens, a JSON array of JWKs; the first signs, all verify. */
  SIGNING_KEYS: z.string().min(2),
  /** Authenticates cursors, derives refresh tokens, seals second factors; 32 random bytes in base64url. */
  TOKEN_SECRET: z.string().min(32),
  /** The CDN in front: decides which cache headers answers carry. */
  CDN_PROVIDER: z.enum(['log', 'varnish']).default('log'),
  /** Memory for answers kept in process. */
  ANSWER_CACHE_MEGABYTES: z.coerce.number().int().min(0).max(10_000).default(100),
});
export type ApiEnvironment = z.infer<typeof apiEnvironment>;
