/** Headers that only the edge or the API may say anything by. From a client they are lies. */
const OURS = [
  ...['x-org-key', 'x-tenant-partition', 'x-cache-tags', 'cache-tag', 'surrogate-key', 'surrogate-control'],
  ...['surrogate-capability', 'cdn-cache-control', 'x-user-id', 'x-data-version', 'xkey-purge', 'xkey-softpurge'],
  ...['forwarded', 'x-real-ip', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-prefix', 'x-forwarded-server'],
  ...['x-forwarded-scheme', 'x-forwarded-ssl', 'x-forwarded-for', 'x-forwarded-proto', 'innkeep-edge-debug'],
  ...['upgrade', 'x-edge-stored-at', 'x-edge-lifetime', 'x-edge-debug'],
];

/** A letter or digit that is escaped although it need not be: another spelling of a path, to get round the rules below. */
const ESCAPED_LETTER = /%(?:2[de]|3\d|4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\dae])/i;
/** Health, what operators see, streams and long polls, and files behind a link: these alone may be asked for in part. */
const UNSTORED =
  /^\/(?:(?:health|admin|(?:v\d+\/)?(?:[a-z-]+\/)?realtime)(?:[/;]|$)|v\d+\/(?:documents\/[^/]+\/content|(?:organization\/)?exports\/[^/]+\/file)$)/;

/** The status with which a request is refused before anybody looks at it; undefined: it is not. */
export function refusalOf({ method, headers }: Request, path: string): number | undefined {
  if (['PURGE', 'TRACE', 'CONNECT', 'PRI', 'TRACK'].includes(method)) return 405;
  const isRead = method === 'GET' || method === 'HEAD';
  // A body would be dropped on the way to the API, where the same request without the edge would have been read differently.
  if (isRead && (headers.has('transfer-encoding') || /[1-9]/.test(headers.get('content-length') ?? ''))) return 400;
  if (ESCAPED_LETTER.test(path)) return 400;
  if (/^\/metrics(?:[/;]|$)/.test(path) || /^\/+(?:v\d+\/+)?edge(?:[/;]|$)/.test(path)) return 404;
  return undefined;
}

/** Whether the answer is to be had from the API alone, whatever it says of itself. */
export function isNeverStored({ method, headers }: Request, path: string): boolean {
  if (method !== 'GET' && method !== 'HEAD') return true;
  const position = headers.get('innkeep-min-position');
  // The API is to say what is wrong with a position.
  return UNSTORED.test(path) || (position !== null && !/^\d{1,16}$/.test(position));
}

/** What the API is sent: what the client said, without what only we may say, and with what only we know. */
export function cleaned({ headers, url }: Request): Headers {
  const sent = new Headers(headers);
  for (const name of OURS) sent.delete(name);
  sent.set('x-forwarded-for', headers.get('cf-connecting-ip') ?? '127.0.0.1');
  sent.set('x-forwarded-proto', new URL(url).protocol.slice(0, -1));
  return sent;
}

/** Where an answer is kept: sorted, unless a parameter is repeated, among which the order may mean something. */
export function normalized(url: URL): string {
  const names = [...url.searchParams.keys()];
  const parts = url.search.slice(1).split('&').filter(Boolean);
  const isSafe = new Set(names).size === names.length;
  const query = (isSafe ? parts.sort() : parts).join('&');
  return url.pathname + (query ? `?${query}` : '');
}
