import type { IncomingMessage } from 'node:http';
import { DomainError } from '@innkeep/contracts';
import type { FastifyInstance } from 'fastify';
import { httpProblems } from './http.problems';

/** What a request has to be there by on routes that take no stream, give or take. In milliseconds. */
const BODY_DEADLINE_MS = 8_000;
/** The same where a file is sent: 32 MB over a slow phone. */
export const STREAM_DEADLINE_MS = 120_000;

const bringsBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Lets routes that declare it take their body as it comes in, unread and not kept in memory, in the media types that they declare. Any
 * other route refuses these, as it refuses whatever is not JSON.
 */
export function takeStreams(server: FastifyInstance): void {
  server.addHook('onRoute', ({ config }) => {
    for (const type of config?.rules?.takesStream ?? []) {
      if (server.hasContentTypeParser(type)) continue;
      server.addContentTypeParser(type, (request, payload, done) => {
        if (request.routeOptions.config.rules?.takesStream) return done(null, payload);
        done(new DomainError(httpProblems['unsupported-media-type'], 'Send application/json.'));
      });
    }
  });
}

/**
 * Ends requests whose body is not there in time. The parser has one time for all, which is that of files: what everything else gets is
 * looked after here, and ends in the same way.
 */
export function endSlowBodies(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { raw } = request;
    if (bringsBody(raw) && !request.routeOptions.config.rules?.takesStream) {
      const giveUp = () => {
        if (raw.complete || raw.destroyed) return;
        const error = Object.assign(new Error('the body did not end'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
        server.server.emit('clientError', error, raw.socket);
      };
      const deadline = setTimeout(giveUp, BODY_DEADLINE_MS).unref();
      raw.once('end', () => clearTimeout(deadline)).once('close', () => clearTimeout(deadline));
    }
    done();
  });
}
