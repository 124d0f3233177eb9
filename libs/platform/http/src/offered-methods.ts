import type { FastifyInstance, HTTPMethods } from 'fastify';
import findMyWay from 'find-my-way';
import { isForOperators } from './operator-surface';

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods that some route takes at this path; empty if there is nothing there for who asks. */
    offeredMethods(url: string, isAmongOperators: boolean): readonly string[];
  }
}

/**
 * Learns which methods each path takes, so that a request by another one can be told which (RFC 9110, 15.5.6): the router itself
 * only knows that nothing was found.
 */
export function learnOfferedMethods(server: FastifyInstance): void {
  const paths = findMyWay({ maxParamLength: 200 });
  const methods = new Set<HTTPMethods>();
  server.addHook('onRoute', ({ method, url, config }) => {
    const store = { isForOperators: isForOperators({ url, config }) };
    for (const each of [method].flat() as HTTPMethods[]) {
      methods.add(each);
      if (!paths.hasRoute(each as findMyWay.HTTPMethod, url))
        paths.on(each as findMyWay.HTTPMethod, url, () => undefined, store);
    }
  });
  server.decorate('offeredMethods', (url: string, isAmongOperators: boolean) => {
    const path = url.split('?', 1)[0]!;
    const isOffered = (method: HTTPMethods) => {
      const found = paths.find(method as findMyWay.HTTPMethod, path);
      return found !== null && (isAmongOperators || !(found.store as { isForOperators: boolean }).isForOperators);
    };
    return [...methods].filter(isOffered).sort();
  });
}
