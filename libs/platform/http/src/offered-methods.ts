import type { FastifyInstance, HTTPMethods } from 'fastify';
import findMyWay from 'find-my-way';

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods that some route takes at this path; empty if there is nothing there. */
    offeredMethods(url: string): readonly string[];
  }
}

/**
 * Learns which methods each path takes, so that a request by another one can be told which (RFC 9110, 15.5.6): the router itself
 * only knows that nothing was found.
 */
export function learnOfferedMethods(server: FastifyInstance): void {
  const paths = findMyWay({ maxParamLength: 200 });
  const methods = new Set<HTTPMethods>();
  server.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat() as HTTPMethods[]) {
      methods.add(each);
      if (!paths.hasRoute(each as findMyWay.HTTPMethod, url))
        paths.on(each as findMyWay.HTTPMethod, url, () => undefined);
    }
  });
  server.decorate('offeredMethods', (url: string) => {
    const path = url.split('?', 1)[0]!;
    return [...methods].filter((method) => paths.find(method as findMyWay.HTTPMethod, path) !== null).sort();
  });
}
