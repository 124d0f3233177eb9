import { assetEnvironment } from '@innkeep/features/documents';
import { port, sharedEnvironment } from '@innkeep/platform/config';
import { cdnProviders } from '@innkeep/platform/edge';
import { filesEnvironment } from '@innkeep/platform/files';
import { rateLimitEnvironment, signInEnvironment } from '@innkeep/platform/http';
import { realtimeEnvironment } from '@innkeep/platform/realtime';
import { z } from 'zod';

/** Several of something, separated by commas. */
const list = (each: z.ZodType<string, string>) =>
  z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    )
    .pipe(z.array(each));

export const apiEnvironment = z.object({
  ...sharedEnvironment.shape,
  ...rateLimitEnvironment.shape,
  ...signInEnvironment.shape,
  ...filesEnvironment.shape,
  ...assetEnvironment.shape,
  ...realtimeEnvironment.shape,
  /** Where the API listens. */
  PORT: port(4000),
  HOST: z.string().default('0.0.0.0'),
  /** Private keys for access tokens, a JSON array of JWKs; the first signs, all verify. */
  SIGNING_KEYS: z.string().min(2),
  /** Authenticates cursors, derives refresh tokens, seals second factors; 32 random bytes in base64url. */
  TOKEN_SECRET: z.string().min(32),
  /** The CDNs in front: decide which cache headers answers carry. */
  CDN_PROVIDER: cdnProviders,
  /** Memory for answers kept in process. */
  ANSWER_CACHE_MEGABYTES: z.coerce.number().int().min(0).max(10_000).default(100),
  /** Origins whose pages may call the API, separated by commas. None by default. */
  CORS_ORIGINS: list(z.url({ protocol: /^https?$/ }).refine((url) => new URL(url).origin === url, 'is not an origin')),
  /** Addresses and networks of the proxies in front, whose X-Forwarded-For is believed, separated by commas. */
  TRUSTED_PROXIES: list(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])),
  /** Where operators come in: queues, metrics, documentation. `off`: where everybody does. In production a listener of its own. */
  OPERATOR_PORT: z
    .union([z.literal('off'), z.coerce.number().int().min(1).max(65_535)])
    .default(process.env.NODE_ENV === 'production' ? 4010 : 'off'),
  OPERATOR_HOST: z.string().default('127.0.0.1'),
  /** What this process serves: `live` only streams and long polls, `requests` everything else. */
  SERVES: z.enum(['everything', 'live', 'requests']).default('everything'),
  /** `off`: where events were once given is answered 410. `on` leaves the address free for what takes its place. */
  LEGACY_EVENTS: z.enum(['on', 'off']).default('off'),
  /** Requests are turned away while the process is later than this, in milliseconds. */
  MAX_EVENT_LOOP_DELAY_MS: z.coerce.number().int().min(10).max(60_000).default(500),
});
export type ApiEnvironment = z.infer<typeof apiEnvironment>;
