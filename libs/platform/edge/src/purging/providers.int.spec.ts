import { type CdnSimulator, cloudFrontDialect, cloudflareDialect, fastlyDialect, simulateCdn } from '@innkeep/testing';
import { awsSignature } from './aws-signature';
import { cloudFrontProvider, pathsOf } from './cloudfront';
import { cloudflareProvider } from './cloudflare';
import { fastlyProvider } from './fastly';
import type { PurgeProvider, PurgeRefused } from './provider';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const tagsOf = (count: number) => Array.from({ length: count }, (_, index) => `property:${index}`);
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: PurgeRefused) => error,
  );

/** Each hosted CDN as it is simulated, and the provider that speaks to it. */
const hosted: Record<string, { start(): Promise<CdnSimulator>; provider(url: string): PurgeProvider }> = {
  cloudflare: {
    start: () => simulateCdn(cloudflareDialect({ plan: 'free' })),
    provider: (url) => cloudflareProvider({ apiUrl: `${url}/client/v4`, zoneId: 'zone', token: 'token', plan: 'free' }),
  },
  fastly: {
    start: () => simulateCdn(fastlyDialect({ keysPerHour: 500 })),
    provider: (url) => fastlyProvider({ apiUrl: url, serviceId: 'service', token: 'token' }),
  },
  cloudfront: {
    start: () => simulateCdn(cloudFrontDialect({ progressMs: 20 })),
    provider: (url) =>
      cloudFrontProvider({ apiUrl: url, distributionId: 'distribution', credentials, invalidates: 'tags' }),
  },
};

describe.each(Object.entries(hosted))('the provider %s', (name, { start, provider: make }) => {
  let cdn: CdnSimulator;
  let provider: PurgeProvider;
  beforeEach(async () => {
    cdn = await start();
    provider = make(cdn.url);
  });
  afterEach(() => cdn.stop());

  it('purges tags, as many as it says that fit a request', async () => {
    const tags = tagsOf(Math.min(provider.largestBatch, 250));
    expect(await provider.purge(tags)).toEqual(tags);
    expect(cdn.seen).toHaveLength(1);
    expect(cdn.seen[0]!.tags).toHaveLength(tags.length);
  });

  it('says how long it wants to be left alone, where the CDN does', async () => {
    cdn.fault = { throttle: true, retryAfter: 17 };
    expect(await refusal(provider.purge(['a']))).toMatchObject({
      kind: 'throttled',
      ...(name === 'cloudflare' && { retryAfterSeconds: 17 }),
    });
  });

  it('tells an outage from a wish to be left alone', async () => {
    cdn.fault = { status: 503 };
    expect(await refusal(provider.purge(['a']))).toMatchObject({ kind: 'failed' });
  });

  it('gives up on a CDN that cannot be reached', async () => {
    expect(await refusal(make('http://127.0.0.1:1').purge(['a']))).toMatchObject({ kind: 'failed' });
  });

  it('empties the edge', async () => {
    await provider.purgeEverything!();
    expect(cdn.seen).toMatchObject([{ status: expect.any(Number), tags: [expect.stringContaining('*')] }]);
  });
});

describe('what is particular to one provider', () => {
  let cdn: CdnSimulator;
  afterEach(() => cdn?.stop());

  it('Cloudflare lets a free account send 25 requests at once, and no 26th', async () => {
    cdn = await hosted.cloudflare!.start();
    const provider = hosted.cloudflare!.provider(cdn.url);
    for (let request = 0; request < 25; request++) await provider.purge(['a']);
    expect(await refusal(provider.purge(['a']))).toMatchObject({
      kind: 'throttled',
      retryAfterSeconds: expect.any(Number),
    });
  });

  it('Cloudflare refuses more than 100 tags, a foreign token and tags that are none', async () => {
    cdn = await simulateCdn(cloudflareDialect({ plan: 'business' }));
    const settings = { apiUrl: `${cdn.url}/client/v4`, zoneId: 'zone', token: 'token', plan: 'business' } as const;
    await refusal(cloudflareProvider(settings).purge(tagsOf(101)));
    await refusal(cloudflareProvider(settings).purge(['a tag']));
    await refusal(cloudflareProvider({ ...settings, token: 'another' }).purge(['a']));
    await refusal(cloudflareProvider({ ...settings, zoneId: 'another' }).purge(['a']));
    expect(cdn.seen.map(({ status }) => status)).toEqual([400, 400, 403]);
  });

  it('Fastly tells by its answer which keys it purged', async () => {
    cdn = await hosted.fastly!.start();
    cdn.fault = 'partial';
    expect(await hosted.fastly!.provider(cdn.url).purge(['a', 'b', 'c'])).toEqual(['a', 'c']);
  });

  it('CloudFront takes as much as may be in progress, and more when that is done', async () => {
    cdn = await simulateCdn(cloudFrontDialect({ progressMs: 500 }));
    const provider = hosted.cloudfront!.provider(cdn.url);
    for (let request = 0; request < 3; request++) await provider.purge(tagsOf(1_000));
    expect(await refusal(provider.purge(['one-more']))).toMatchObject({ kind: 'throttled' });
  });

  it('CloudFront purges by paths where a distribution has no tags, few and coarse ones', async () => {
    cdn = await simulateCdn(cloudFrontDialect({ hasTags: false, progressMs: 1 }));
    const settings = { apiUrl: cdn.url, distributionId: 'distribution', credentials };
    await refusal(cloudFrontProvider({ ...settings, invalidates: 'tags' }).purge(['org:1']));
    await cloudFrontProvider({ ...settings, invalidates: 'paths' }).purge(['finance:summary:property:1']);
    expect(cdn.seen.map(({ status, tags }) => [status, tags])).toEqual([
      [400, []],
      [201, ['/finance/*', '/v1/finance/*']],
    ]);
    expect(pathsOf(['dashboard:org:1', 'reports:daily:property:1:date:2026-01-01'])).toEqual([
      '/reports/*',
      '/v1/dashboard*',
      '/v1/reports/*',
    ]);
    expect(pathsOf(['finance:summary:property:1', 'org:1'])).toEqual(['/*']);
  });

  it('requests to AWS are signed as its documentation shows', () => {
    const request = {
      method: 'GET',
      url: 'https://example.amazonaws.com/',
      body: '',
      region: 'us-east-1',
      service: 'service',
    };
    expect(awsSignature(request, credentials, new Date('2015-08-30T12:36:00Z')).authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, ' +
        'Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    );
  });
});
