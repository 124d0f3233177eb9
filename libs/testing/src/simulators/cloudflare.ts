import type { ApiAnswer, Dialect } from './cdn-simulator';
import { Quota } from './quota';

const plans = { free: [5 / 60, 25], pro: [5, 25], business: [10, 50], enterprise: [50, 500] } as const;

/** What an account at Cloudflare is like. */
export interface CloudflareAccount {
  readonly plan: keyof typeof plans;
  readonly zoneId?: string;
  readonly token?: string;
}

const said = (status: number, code: number, message: string, headers = {}): ApiAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null }),
});

const purged = (id: string): ApiAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ success: true, errors: [], messages: [], result: { id } }),
});

const OPERATIONS = 100;
const TAG_LENGTH = 1_024;

function tagsIn(body: string): string[] | undefined {
  try {
    const { tags } = JSON.parse(body) as { tags?: unknown };
    const isList = Array.isArray(tags) && tags.length > 0 && tags.every((tag) => typeof tag === 'string');
    return isList ? (tags as string[]) : undefined;
  } catch {
    return undefined;
  }
}

/** Cloudflare's purge by cache tag: 100 tags in a request, a token bucket for each plan, all or nothing. */
export function cloudflareDialect({ plan, zoneId = 'zone', token = 'token' }: CloudflareAccount): Dialect {
  const [perSecond, burst] = plans[plan];
  const quota = new Quota(perSecond, burst);
  const throttled = (seconds?: number) =>
    said(429, 971, 'Please consider throttling your requests', {
      ...(seconds !== undefined && { 'retry-after': String(Math.ceil(seconds)) }),
    });
  return {
    name: 'cloudflare',
    tagRules: {
      header: 'cache-tag',
      separator: /,/,
      mostTags: 1_000,
      mostBytes: 16 * 1_024,
      longestTag: TAG_LENGTH,
      isCaseSensitive: false,
    },
    throttled,
    answer({ method, path, headers, body }, simulator) {
      if (path !== `/client/v4/zones/${zoneId}/purge_cache` || method !== 'POST') return undefined;
      const answerWith = (answer: ApiAnswer, tags: readonly string[] = []) => {
        simulator.note(answer.status, tags);
        return answer;
      };
      if (headers.authorization !== `Bearer ${token}`) return answerWith(said(403, 10_000, 'Authentication error'));
      const wait = quota.take(1);
      if (wait > 0) return answerWith(throttled(wait));
      if (/^\{"purge_everything":true\}$/.test(body)) {
        simulator.purge(['*'], () => simulator.edge.purgeAll());
        return answerWith(purged(zoneId), ['*']);
      }
      const tags = tagsIn(body);
      if (!tags)
        return answerWith(said(400, 1_012, 'Request must contain one of "purge_everything", "files", "tags", "hosts"'));
      if (tags.length > OPERATIONS) return answerWith(said(400, 1_109, `No more than ${OPERATIONS} tags in a request`));
      if (tags.some((tag) => tag.length > TAG_LENGTH || !/^[\x21-\x2b\x2d-\x7e]+$/.test(tag)))
        return answerWith(said(400, 1_102, 'A tag is longer than 1024 characters, or has characters it may not have'));
      simulator.note(200, tags);
      simulator.purge(tags);
      return purged(zoneId);
    },
  };
}
