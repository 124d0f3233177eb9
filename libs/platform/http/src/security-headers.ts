import type { FastifyInstance } from 'fastify';

/**
 * What every answer tells browsers: that it is data and not a page, whatever it looks like (OWASP REST Security Cheat Sheet, "Security
 * headers"; OWASP ASVS 5, 3.4). Answers from memory carry the same.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-site',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** The pages that people look at: documentation and queues. Their scripts are files of their own; their styles are not. */
const PAGE_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'";
const isPage = (route = '') => /^\/(docs|admin)(\/|$)/.test(route);

/** Puts the headers on everything that a route, or the lack of one, answers. */
export function addSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders);
    if (isPage(request.routeOptions.url)) reply.header('content-security-policy', PAGE_POLICY);
    done();
  });
}
