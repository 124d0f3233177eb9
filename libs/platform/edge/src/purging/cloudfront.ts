import { randomUUID } from 'node:crypto';
import { type AwsCredentials, awsSignature } from './aws-signature';
import type { PurgeProvider } from './provider';
import { askProvider } from './provider-request';

export interface CloudFrontSettings {
  readonly apiUrl: string;
  readonly distributionId: string;
  readonly credentials: AwsCredentials;
  /** `tags` where the distribution has a CacheTagConfig; else `paths`, which purges of all organizations what is below a path. */
  readonly invalidates: 'tags' | 'paths';
}

/** What stands below which paths, by the first word of its tags; a tag of anything else may be on any answer. */
const pathsByWord: Readonly<Record<string, readonly string[]>> = {
  // Also where they were before paths had a version.
  finance: ['/v1/finance/*', '/finance/*'],
  reports: ['/v1/reports/*', '/reports/*'],
  dashboard: ['/v1/dashboard*'],
  static: ['/assets/*'],
};
const EVERYTHING = '/*';

/**
 * The paths to invalidate where tags cannot be. A path says nothing of whose answers are below it, and only 15 with a wildcard may
 * be in progress, so they are few and coarse: correct, and no more than that.
 */
export function pathsOf(tags: readonly string[]): string[] {
  const paths = new Set(tags.flatMap((tag) => pathsByWord[tag.split(':', 1)[0]!] ?? EVERYTHING));
  return paths.has(EVERYTHING) ? [EVERYTHING] : [...paths].sort();
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The body of a CreateInvalidation. */
export const invalidationBatch = (items: readonly string[], reference: string): string =>
  '<?xml version="1.0" encoding="UTF-8"?><InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Paths>' +
  `<Quantity>${items.length}</Quantity><Items>${items.map((item) => `<Path>${escaped(item)}</Path>`).join('')}</Items></Paths>` +
  `<CallerReference>${reference}</CallerReference></InvalidationBatch>`;

async function invalidate(settings: CloudFrontSettings, items: readonly string[]): Promise<void> {
  const { apiUrl, distributionId, credentials } = settings;
  const url = `${apiUrl}/2020-05-31/distribution/${distributionId}/invalidation`;
  const body = invalidationBatch(items, randomUUID());
  const signed = { method: 'POST', url, body, region: 'us-east-1', service: 'cloudfront' };
  await askProvider({
    url,
    method: 'POST',
    headers: { 'content-type': 'text/xml', ...awsSignature(signed, credentials) },
    body,
    isThrottled: (_status, said) => /TooManyInvalidationsInProgress|Throttling/.test(said),
  });
}

/**
 * CloudFront: an invalidation is accepted as a whole, and refused as a whole when too much is in progress. It is done some seconds after
 * it was accepted, which is within what the repetition behind the origin's deadline covers.
 */
export function cloudFrontProvider(settings: CloudFrontSettings): PurgeProvider {
  const { invalidates } = settings;
  return {
    name: 'cloudfront',
    batchSize: 30,
    largestBatch: invalidates === 'tags' ? 1_000 : 3_000,
    // 3,000 items, or 15 paths with a wildcard, may be in progress; one takes some seconds up to a minute.
    quota:
      invalidates === 'tags'
        ? { perSecond: 40, burst: 1_500, counts: 'tags' }
        : { perSecond: 5 / 60, burst: 5, counts: 'requests' },
    purge: async (tags) => {
      await invalidate(settings, invalidates === 'tags' ? tags.map((tag) => `#${tag}`) : pathsOf(tags));
      return tags;
    },
    purgeEverything: () => invalidate(settings, [EVERYTHING]),
  };
}
