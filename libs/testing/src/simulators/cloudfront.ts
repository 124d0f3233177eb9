import { randomBytes } from 'node:crypto';
import type { ApiAnswer, CdnSimulator, Dialect } from './cdn-simulator';

/** What a distribution of CloudFront is like. */
export interface CloudFrontDistribution {
  readonly distributionId?: string;
  /** Whether it has a CacheTagConfig. */
  readonly hasTags?: boolean;
  /** How long an invalidation is in progress. In milliseconds. */
  readonly progressMs?: number;
}

const FILES_IN_PROGRESS = 3_000;
const WILDCARDS_IN_PROGRESS = 15;
const CLOCK_SKEW_MS = 5 * 60_000;

const xml = (status: number, body: string): ApiAnswer => ({ status, headers: { 'content-type': 'text/xml' }, body });
const failed = (status: number, code: string, message: string) =>
  xml(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  );

const isWildcard = (item: string) => item.endsWith('*') && !item.startsWith('#');
const timeOf = (amzDate: string) =>
  Date.parse(amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

function itemsIn(body: string): string[] | undefined {
  const items = [...body.matchAll(/<Path>([^<]*)<\/Path>/g)].map(([, item]) => item!.replaceAll('&amp;', '&'));
  const quantity = Number(/<Quantity>(\d+)<\/Quantity>/.exec(body)?.[1]);
  const isWhole =
    quantity === items.length && items.length > 0 && /<CallerReference>[^<]+<\/CallerReference>/.test(body);
  return isWhole ? items : undefined;
}

const isValid = (item: string, hasTags: boolean) =>
  item.startsWith('#')
    ? hasTags && /^#[\x21-\x2b\x2d-\x7e]{1,256}$/.test(item) && !item.includes('*')
    : item.startsWith('/');

/** Carries an invalidation out when its time is over. */
function invalidate(simulator: CdnSimulator, items: readonly string[]): void {
  const tags = items.filter((item) => item.startsWith('#')).map((item) => item.slice(1));
  simulator.purge([...tags, ...items.filter((item) => !item.startsWith('#'))], () => {
    simulator.edge.purgeTags(tags);
    for (const item of items) if (!item.startsWith('#')) simulator.edge.purgePath(item);
  });
}

/** CloudFront's invalidations: of tags and of paths, of which only so many may be in progress; signed; done some time after. */
export function cloudFrontDialect(distribution: CloudFrontDistribution = {}): Dialect {
  const { distributionId = 'distribution', hasTags = true, progressMs = 3_000 } = distribution;
  let inProgress: { readonly items: readonly string[]; readonly until: number }[] = [];
  const throttled = () =>
    failed(
      400,
      'TooManyInvalidationsInProgress',
      'Processing your request will cause you to exceed the maximum number of invalidations',
    );
  return {
    name: 'cloudfront',
    tagRules: {
      header: 'cache-tag',
      separator: /,/,
      mostTags: 50,
      mostBytes: 16 * 1_024,
      longestTag: 256,
      isCaseSensitive: false,
    },
    throttled,
    answer({ method, path, headers, body }, simulator) {
      if (path !== `/2020-05-31/distribution/${distributionId}/invalidation` || method !== 'POST') return undefined;
      const answerWith = (answer: ApiAnswer, items: readonly string[] = []) => {
        simulator.note(answer.status, items);
        return answer;
      };
      const signature =
        /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/us-east-1\/cloudfront\/aws4_request, SignedHeaders=[^,]*host[^,]*, Signature=[0-9a-f]{64}$/;
      const isRecent = Math.abs(timeOf(String(headers['x-amz-date'])) - Date.now()) < CLOCK_SKEW_MS;
      if (!signature.test(headers.authorization ?? '') || !isRecent)
        return answerWith(failed(403, 'SignatureDoesNotMatch', 'The request signature does not match'));
      const items = itemsIn(body);
      if (!items || !items.every((item) => isValid(item, hasTags)))
        return answerWith(
          failed(400, 'InvalidArgument', 'Your request contains one or more invalid invalidation items'),
        );
      inProgress = inProgress.filter(({ until }) => until > performance.now());
      const open = [...inProgress.flatMap((one) => one.items), ...items];
      const wildcards = open.filter(isWildcard).length;
      if (wildcards > WILDCARDS_IN_PROGRESS || open.length - wildcards > FILES_IN_PROGRESS)
        return answerWith(throttled());
      inProgress.push({ items, until: performance.now() + progressMs });
      setTimeout(() => invalidate(simulator, items), progressMs).unref();
      const id = `I${randomBytes(6).toString('hex').toUpperCase()}`;
      return answerWith(xml(201, `<Invalidation><Id>${id}</Id><Status>InProgress</Status></Invalidation>`), items);
    },
  };
}
