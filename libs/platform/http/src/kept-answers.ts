import type { AnswerCache } from '@innkeep/platform/cache';
import type { FastifyInstance } from 'fastify';
import { matches } from './answers';
import { invalidRequest } from './http.problems';

/**
 * Answers from memory, before the body is parsed and before Nest is entered. Runs behind authentication, so the key holds the
 * caller's partition; never answers from behind the position the caller asks for.
 */
export function answerFromMemory(server: FastifyInstance, cache: AnswerCache): void {
  server.addHook('onRequest', (request, reply, done) => {
    const wanted = request.headers['innkeep-min-position'];
    request.minPosition = 0;
    if (wanted !== undefined) {
      const position = /^\d{1,15}$/.test(String(wanted)) ? Number(wanted) : NaN;
      if (Number.isNaN(position))
        return done(invalidRequest([{ pointer: 'Innkeep-Min-Position', detail: 'is a whole number' }]));
      request.minPosition = position;
    }
    if (!request.routeOptions.config.rules?.family || !request.caller || request.method !== 'GET') return done();
    request.cacheKey = `${request.caller.partition} ${request.url}`;
    const answer = cache.find(request.cacheKey, request.minPosition);
    if (!answer) {
      request.loadTicket = cache.begin();
      return done();
    }
    request.isKept = true;
    reply
      .headers(answer.headersFor(request.caller))
      .header('etag', answer.etag)
      .header('vary', 'Accept-Encoding, Authorization')
      .header('cache-status', 'innkeep-memory; hit');
    if (matches(request.headers['if-none-match'], answer.etag)) return void reply.code(304).send();
    return void reply.type('application/json; charset=utf-8').send(answer.body);
  });
}
