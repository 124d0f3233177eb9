import { type PurgeProvider, type PurgeQuota, PurgeRefused } from './provider';
import { asJson, askProvider } from './provider-request';

/** Purge requests that the plans of Cloudflare let through, for an account. */
export const cloudflarePlans = {
  free: { perSecond: 5 / 60, burst: 25, counts: 'requests' },
  pro: { perSecond: 5, burst: 25, counts: 'requests' },
  business: { perSecond: 10, burst: 50, counts: 'requests' },
  enterprise: { perSecond: 50, burst: 500, counts: 'requests' },
} as const satisfies Record<string, PurgeQuota>;
export type CloudflarePlan = keyof typeof cloudflarePlans;

export interface CloudflareSettings {
  readonly apiUrl: string;
  readonly zoneId: string;
  readonly token: string;
  readonly plan: CloudflarePlan;
}

/** Cloudflare: up to 100 cache tags in a request, all of which are purged or none. */
export function cloudflareProvider({ apiUrl, zoneId, token, plan }: CloudflareSettings): PurgeProvider {
  const ask = async (what: object) => {
    const body = await askProvider({
      url: `${apiUrl}/zones/${zoneId}/purge_cache`,
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(what),
    });
    // A 200 may still be a refusal.
    if ((asJson(body) as { success?: unknown } | undefined)?.success !== true)
      throw new PurgeRefused(`Cloudflare did not purge: ${body.slice(0, 200)}`, 'failed');
  };
  return {
    name: 'cloudflare',
    batchSize: 30,
    largestBatch: 100,
    quota: cloudflarePlans[plan],
    purge: async (tags) => {
      await ask({ tags });
      return tags;
    },
    purgeEverything: () => ask({ purge_everything: true }),
  };
}
