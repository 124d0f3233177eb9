import { Edge } from './edge';
import type { EdgeCache, EdgeEnvironment } from './runtime';

declare const caches: { readonly default: EdgeCache };
declare const fetch: (request: Request, how: { readonly cache: 'no-store' }) => Promise<Response>;

const edge = new Edge();

/** What Cloudflare calls for each request. */
const worker = {
  fetch: (
    request: Request,
    environment: EdgeEnvironment,
    context: { waitUntil(work: Promise<unknown>): void },
  ): Promise<Response> =>
    edge.answer(request, environment, {
      cache: caches.default,
      // Not cached by the platform on its own: what is kept, and under which key, is decided here.
      fetch: (asked) => fetch(asked, { cache: 'no-store' }),
      waitUntil: (work) => context.waitUntil(work),
      now: () => Date.now(),
    }),
};
export default worker;
