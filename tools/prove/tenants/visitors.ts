import { request } from 'node:http';
import type { Randomness } from '@innkeep/testing';
import { type Tenant, pagesOf, roles } from './organization';

/** What came back, as a client sees it. */
export interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends a request as it is spelt; `fetch` would tidy it up. */
export const ask = (url: string, method: string, path: string, headers: Record<string, string>): Promise<Seen> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, method, path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString() }),
      );
    });
    sent.setTimeout(30_000, () => sent.destroy(new Error('no answer in 30 seconds')));
    sent.on('error', reject).end();
  });

const internal =
  /^(?:surrogate-|cdn-cache-control$|cache-tag$|xkey|x-varnish$|via$|age$|x-edge|x-org-key$|x-tenant-|x-cache-tags$|x-data-version$|innkeep-edge)/;

/** Headers of an answer that are none of a client's business. */
export const leaksIn = ({ headers }: Seen): string[] => Object.keys(headers).filter((name) => internal.test(name));

/** What clients say who want more than is theirs, or something else than they should get. */
function liesOf(random: Randomness, other: Tenant): Record<string, string> {
  const lies: readonly (readonly [string, string])[] = [
    ['x-tenant-partition', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['x-org-key', String(other.organizationId)],
    ['x-user-id', '1'],
    ['surrogate-key', `org:${other.organizationId}`],
    ['x-forwarded-host', other.canary],
    ['x-forwarded-for', '127.0.0.1'],
    ['x-forwarded-proto', 'https'],
    ['forwarded', `host=${other.canary}`],
    ['x-bypass-cdn', 'true'],
    ['cache-control', 'no-cache'],
    ['pragma', 'no-cache'],
    ['x-http-method-override', 'DELETE'],
    ['x-original-url', `/v1/properties?x=${other.canary}`],
    ['accept-encoding', 'gzip, br'],
    ['cookie', `session=${other.canary}`],
    ['range', 'bytes=0-10'],
    ['origin', 'https://elsewhere.example'],
    ['if-none-match', '*'],
    ['innkeep-min-position', '0'],
    ['xkey-purge', `org:${other.organizationId}`],
    ['innkeep-edge-debug', 'not-the-token-of-it'],
  ];
  return Object.fromEntries(lies.filter(() => random.integer(8) === 0));
}

/** One request of the crowd, and what may come of it. */
export interface Visit {
  readonly tenant: Tenant | undefined;
  readonly others: readonly Tenant[];
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
}

/** Somebody asks for a page: mostly one of their own, sometimes that of others, sometimes without any rights. */
export function visitOf(random: Randomness, tenants: readonly Tenant[]): Visit {
  const tenant = tenants[random.integer(tenants.length)]!;
  const other = tenants[(tenants.indexOf(tenant) + 1) % tenants.length]!;
  const pages = pagesOf(random.integer(4) === 0 ? other : tenant);
  // Some pages are asked for much more often than others.
  const path = pages[Math.min(random.integer(pages.length), random.integer(pages.length))]!;
  const kind = random.integer(20);
  const token = tenant.tokens[roles[random.integer(roles.length)]!];
  const authorization = kind === 0 ? undefined : kind === 1 ? `Bearer ${token}x` : `Bearer ${token}`;
  const method = ['GET', 'GET', 'GET', 'GET', 'GET', 'GET', 'GET', 'HEAD', 'OPTIONS'][random.integer(9)]!;
  return {
    tenant: kind < 2 ? undefined : tenant,
    others: tenants.filter((one) => kind < 2 || one !== tenant),
    ...{ method, path },
    headers: { ...liesOf(random, other), ...(authorization && { authorization }) },
  };
}
