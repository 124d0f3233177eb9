import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** The areas whose routes were once called without a version, and tasks, which were once under `/api`. What came later never was. */
const UNVERSIONED =
  /^(?:\/(?:finance|reports|guest-checkin|staff)\/[\w\-./~%]+|\/uploads\/file|\/api\/tasks(?:\/[\w\-./~%]+)?)$/;
const SUCCESSOR = '/v1';
/** Since when the paths without a version are not to be used (RFC 9745), and until when they are answered at all (RFC 8594). */
const DEPRECATED_AT = new Date('2025-12-01T00:00:00Z');
const SUNSET_AT = new Date('2027-12-31T23:59:59Z');

const announcement = {
  deprecation: `@${DEPRECATED_AT.getTime() / 1_000}`,
  sunset: SUNSET_AT.toUTCString(),
};

/** Where the path is offered now; undefined: it is none of the old ones, or there is nothing. */
function successorOf(server: FastifyInstance, path: string): string | undefined {
  if (!UNVERSIONED.test(path)) return undefined;
  const successor = SUCCESSOR + path.replace(/^\/api\//, '/');
  return server.offeredMethods(successor, false).length > 0 ? successor : undefined;
}

/**
 * Answers the paths without a version as those with it, and says that they are to end. Before everything else that listens, so that it
 * counts for answers from memory too, and one answer is kept for both.
 */
export function serveUnversionedPaths(server: FastifyInstance): void {
  const http = server.server as Server;
  const [answer] = http.listeners('request') as [(request: IncomingMessage, response: ServerResponse) => void];
  http.removeListener('request', answer);
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const url = request.url!;
    // Nearly all requests have a version: one comparison is all that this costs them.
    if (!url.startsWith('/v1/')) {
      const [path = ''] = url.split('?', 1);
      const successor = successorOf(server, path);
      if (successor) {
        request.url = successor + url.slice(path.length);
        response.setHeader('deprecation', announcement.deprecation);
        response.setHeader('sunset', announcement.sunset);
        response.setHeader('link', `<${successor}>; rel="successor-version"`);
      }
    }
    answer(request, response);
  });
}
