import type { Logger } from '@innkeep/platform/telemetry';
import { z } from 'zod';
import { cloudFrontProvider } from './cloudfront';
import { cloudflarePlans, cloudflareProvider, type CloudflarePlan } from './cloudflare';
import { fastlyProvider } from './fastly';
import { logProvider } from './log';
import type { PurgeProvider } from './provider';
import { varnishProvider } from './varnish';

export const providerNames = ['log', 'varnish', 'cloudflare', 'fastly', 'cloudfront'] as const;
export type ProviderName = (typeof providerNames)[number];

const isProviderName = (name: string): name is ProviderName => (providerNames as readonly string[]).includes(name);

const listOf = (text: string) => [
  ...new Set(
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  ),
];

/** The CDNs in front, separated by commas; the same for all processes. `log` alone: there is none. */
export const cdnProviders = z
  .string()
  .default('log')
  .transform((text, context): ProviderName[] => {
    const names = listOf(text);
    const known = names.filter(isProviderName);
    if (known.length > 0 && known.length === names.length) return known;
    context.addIssue({ code: 'custom', message: `is a list of ${providerNames.join(', ')}` });
    return z.NEVER;
  });

/** What the worker needs to reach the providers. */
export const purgeEnvironment = z.object({
  CDN_PROVIDER: cdnProviders,
  /** Base addresses of the Varnish instances, separated by commas. */
  VARNISH_URLS: z.string().default('http://127.0.0.1:6081').transform(listOf),
  CLOUDFLARE_API_URL: z.url().default('https://api.cloudflare.com/client/v4'),
  CLOUDFLARE_ZONE_ID: z.string().optional(),
  CLOUDFLARE_API_TOKEN: z.string().optional(),
  /** Decides how many purges the account lets through. */
  CLOUDFLARE_PLAN: z.enum(Object.keys(cloudflarePlans) as [CloudflarePlan, ...CloudflarePlan[]]).default('free'),
  FASTLY_API_URL: z.url().default('https://api.fastly.com'),
  FASTLY_SERVICE_ID: z.string().optional(),
  FASTLY_API_TOKEN: z.string().optional(),
  CLOUDFRONT_API_URL: z.url().default('https://cloudfront.amazonaws.com'),
  CLOUDFRONT_DISTRIBUTION_ID: z.string().optional(),
  /** `paths` for a distribution without a CacheTagConfig. */
  CLOUDFRONT_INVALIDATES: z.enum(['tags', 'paths']).default('tags'),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
});
export type PurgeEnvironment = z.infer<typeof purgeEnvironment>;

/** The providers that purges are sent to. One that lacks a setting ends the process with what is missing. */
export function providersFrom(environment: PurgeEnvironment, logger: Logger): PurgeProvider[] {
  const required = (name: keyof PurgeEnvironment) => {
    const value = environment[name];
    if (typeof value !== 'string' || value === '')
      throw new Error(`CDN_PROVIDER=${environment.CDN_PROVIDER.join(',')} needs ${name}`);
    return value;
  };
  const make: Record<ProviderName, () => PurgeProvider> = {
    log: () => logProvider(logger),
    varnish: () => varnishProvider(environment.VARNISH_URLS),
    cloudflare: () =>
      cloudflareProvider({
        apiUrl: environment.CLOUDFLARE_API_URL,
        zoneId: required('CLOUDFLARE_ZONE_ID'),
        token: required('CLOUDFLARE_API_TOKEN'),
        plan: environment.CLOUDFLARE_PLAN,
      }),
    fastly: () =>
      fastlyProvider({
        apiUrl: environment.FASTLY_API_URL,
        serviceId: required('FASTLY_SERVICE_ID'),
        token: required('FASTLY_API_TOKEN'),
      }),
    cloudfront: () =>
      cloudFrontProvider({
        apiUrl: environment.CLOUDFRONT_API_URL,
        distributionId: required('CLOUDFRONT_DISTRIBUTION_ID'),
        credentials: {
          accessKeyId: required('AWS_ACCESS_KEY_ID'),
          secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
          sessionToken: environment.AWS_SESSION_TOKEN,
        },
        invalidates: environment.CLOUDFRONT_INVALIDATES,
      }),
  };
  return environment.CDN_PROVIDER.map((name) => make[name]());
}
