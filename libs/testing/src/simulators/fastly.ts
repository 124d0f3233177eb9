import { randomUUID } from 'node:crypto';
import type { ApiAnswer, Dialect } from './cdn-simulator';
import { Quota } from './quota';

/** What a customer of Fastly is like. */
export interface FastlyAccount {
  readonly serviceId?: string;
  readonly token?: string;
  /** Keys that may be purged in an hour. */
  readonly keysPerHour?: number;
}

const KEYS = 256;
const json = (status: number, body: object, headers = {}): ApiAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const refused = (status: number, msg: string) => json(status, { msg, detail: null });

function keysIn(body: string, header: string | string[] | undefined): string[] {
  if (typeof header === 'string') return header.split(' ').filter(Boolean);
  try {
    const { surrogate_keys: keys } = JSON.parse(body) as { surrogate_keys?: unknown };
    return Array.isArray(keys) ? keys.map(String) : [];
  } catch {
    return [];
  }
}

/** Fastly's purge by surrogate key: 256 keys in a request, from the body or a header, and an id for each key that was purged. */
export function fastlyDialect({
  serviceId = 'service',
  token = 'token',
  keysPerHour = 100_000,
}: FastlyAccount = {}): Dialect {
  const quota = new Quota(keysPerHour / 3_600, Math.min(keysPerHour, 2_500));
  // Says by an instant and not by Retry-After when it may be asked again.
  const throttled = (seconds = 60) =>
    json(
      429,
      { msg: 'Too many requests', detail: 'Rate limit exceeded' },
      {
        'fastly-ratelimit-remaining': '0',
        'fastly-ratelimit-reset': String(Math.ceil(Date.now() / 1_000 + seconds)),
      },
    );
  return {
    name: 'fastly',
    tagRules: {
      header: 'surrogate-key',
      separator: / +/,
      mostTags: 10_000,
      mostBytes: 16 * 1_024,
      longestTag: 1_024,
      isCaseSensitive: true,
    },
    throttled,
    answer({ method, path, headers, body }, simulator) {
      const isAll = path === `/service/${serviceId}/purge_all`;
      if ((path !== `/service/${serviceId}/purge` && !isAll) || method !== 'POST') return undefined;
      const answerWith = (answer: ApiAnswer, tags: readonly string[] = []) => {
        simulator.note(answer.status, tags);
        return answer;
      };
      if (headers['fastly-key'] !== token)
        return answerWith(refused(401, 'Provided credentials are missing or invalid'));
      if (isAll) {
        simulator.purge(['*'], () => simulator.edge.purgeAll());
        return answerWith(json(200, { status: 'ok' }), ['*']);
      }
      const keys = keysIn(body, headers['surrogate-key']);
      if (keys.length === 0 || keys.length > KEYS)
        return answerWith(refused(400, `Between 1 and ${KEYS} surrogate keys`));
      if (!keys.every((key) => /^[\x21-\x7e]{1,1024}$/.test(key))) return answerWith(refused(400, 'Bad surrogate key'));
      const wait = quota.take(keys.length);
      if (wait > 0) return answerWith(throttled(wait));
      const purged = simulator.fault === 'partial' ? keys.filter((_, index) => index % 2 === 0) : keys;
      simulator.purge(purged);
      return answerWith(json(200, Object.fromEntries(purged.map((key) => [key, randomUUID()]))), purged);
    },
  };
}
