/** Headers that are between the API and the edge. No client ever gets one, whatever the status. */
const INTERNAL = [
  ...['surrogate-key', 'surrogate-control', 'cdn-cache-control', 'cache-tag', 'x-cache-tags', 'x-org-key'],
  ...['x-tenant-partition', 'xkey', 'x-edge-lifetime', 'x-edge-stored-at', 'x-edge-control', 'x-data-version'],
  ...['x-varnish', 'via', 'age', 'cf-cache-status'],
];

/** For how long an answer may be kept, and served stale after; in seconds. */
export interface Lifetime {
  readonly freshSeconds: number;
  readonly staleSeconds: number;
}

const FORBIDDEN = new Set(['no-store', 'no-cache', 'private']);

/** Reads CDN-Cache-Control (RFC 9213): whole numbers only, the last of several equal names counts; what cannot be read gives none. */
export function lifetimeOf(header: string | null): Lifetime {
  const seconds = new Map<string, number>();
  for (const member of (header ?? '').split(',')) {
    const [directive = ''] = member.split(';', 1);
    const [name = '', value = ''] = directive.trim().split('=', 2);
    if (FORBIDDEN.has(name)) return { freshSeconds: 0, staleSeconds: 0 };
    if (/^\d{1,9}$/.test(value)) seconds.set(name, Number(value));
  }
  return { freshSeconds: seconds.get('max-age') ?? 0, staleSeconds: seconds.get('stale-while-revalidate') ?? 0 };
}

/** Whether an answer may be kept at all. The key of a request without credentials is everybody's, whatever else it was let in by. */
export function mayBeStored({ status, headers }: Response, isPrivate: boolean): boolean {
  if (status !== 200 || headers.has('set-cookie') || /\*/.test(headers.get('vary') ?? '')) return false;
  if (!isPrivate && !/(?:^|,)\s*public\s*(?:,|$)/i.test(headers.get('cache-control') ?? '')) return false;
  return lifetimeOf(headers.get('cdn-cache-control')).freshSeconds > 0;
}

/** The answer as it is put into the cache: the cache's own lifetime in place of the browser's, which is kept beside. */
export function toStore(answer: Response, now: number): Response {
  const headers = new Headers(answer.headers);
  const { freshSeconds, staleSeconds } = lifetimeOf(headers.get('cdn-cache-control'));
  headers.set('x-edge-control', headers.get('cache-control') ?? '');
  headers.set('x-edge-lifetime', headers.get('cdn-cache-control') ?? '');
  headers.set('x-edge-stored-at', String(now));
  headers.set('cache-control', `public, max-age=${freshSeconds + staleSeconds}`);
  headers.delete('cdn-cache-control');
  // Keys hold all that answers vary by.
  headers.delete('vary');
  headers.set('x-edge-vary', answer.headers.get('vary') ?? '');
  return new Response(answer.body, { status: 200, headers });
}

/** An answer as it was given by the API, out of what the cache holds. */
export function fromStore(stored: Response): Response {
  const headers = new Headers(stored.headers);
  for (const [own, name] of [
    ['x-edge-control', 'cache-control'],
    ['x-edge-vary', 'vary'],
  ] as const) {
    const value = headers.get(own);
    if (value) headers.set(name, value);
    else headers.delete(name);
    headers.delete(own);
  }
  return new Response(stored.body, { status: stored.status, headers });
}

/** How old what the cache holds is, against how old it may be. */
export function ageOf(stored: Response, now: number): 'fresh' | 'stale' | 'over' {
  const { freshSeconds, staleSeconds } = lifetimeOf(stored.headers.get('x-edge-lifetime'));
  const age = now - Number(stored.headers.get('x-edge-stored-at'));
  if (age < freshSeconds * 1_000) return 'fresh';
  return age < (freshSeconds + staleSeconds) * 1_000 ? 'stale' : 'over';
}

/** The organization's version that an answer shows; one that does not say is behind all. */
export const positionOf = ({ headers }: Response): number => {
  const told = headers.get('innkeep-position');
  return told !== null && /^\d+$/.test(told) ? Number(told) : -1;
};

/** What a client is given: without what is internal, and saying where it came from (RFC 9211). */
export function toDeliver(request: Request, answer: Response, cacheStatus: string, isDebugged: boolean): Response {
  const isHit = cacheStatus.startsWith('hit');
  const headers = new Headers(answer.headers);
  if (isDebugged) {
    headers.set('innkeep-edge-tags', (headers.get('cache-tag') ?? '').replaceAll(',', ' '));
    headers.set('innkeep-edge-lifetime', headers.get('x-edge-lifetime') ?? headers.get('cdn-cache-control') ?? '');
  }
  for (const name of INTERNAL) headers.delete(name);
  const own = `innkeep-edge; ${cacheStatus}`;
  const told = headers.get('cache-status');
  headers.set('cache-status', isHit || !told ? own : `${told}, ${own}`);
  if (isHit) {
    // These belong to the request that filled the cache; its age says nothing, because purges keep it current.
    for (const name of ['server-timing', 'ratelimit', 'ratelimit-policy']) headers.delete(name);
    headers.set('x-request-id', `edge-${crypto.randomUUID()}`);
    headers.set('date', new Date().toUTCString());
  }
  const etag = headers.get('etag');
  if (answer.status === 200 && etag && matches(request.headers.get('if-none-match'), etag)) {
    for (const name of ['content-length', 'content-type', 'content-encoding']) headers.delete(name);
    return new Response(null, { status: 304, headers });
  }
  return new Response(request.method === 'HEAD' ? null : answer.body, { status: answer.status, headers });
}

const opaque = (etag: string) => etag.trim().replace(/^W\//, '');

function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (!ifNoneMatch) return false;
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((candidate) => opaque(candidate) === opaque(etag));
}

const titles: Readonly<Record<number, readonly [string, string]>> = {
  400: ['invalid-request', 'The request does not fit the schema'],
  404: ['not-found', 'There is nothing here'],
  405: ['method-not-allowed', 'This method is not offered here'],
  503: ['service-unavailable', 'The service cannot answer right now'],
};

/** A refusal of the edge itself, in the API's own form: for a client it is one service. */
export function problem(status: 400 | 404 | 405 | 503): Response {
  const [code, title] = titles[status]!;
  const requestId = `edge-${crypto.randomUUID()}`;
  const body = { type: `/problems/${code}`, title, code, requestId, status };
  const headers = new Headers({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-request-id': requestId,
  });
  if (status === 405) headers.set('allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS');
  if (status === 503) headers.set('retry-after', '1');
  return new Response(JSON.stringify(body), { status, headers });
}
