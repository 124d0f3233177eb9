import type { FastifyInstance } from 'fastify';

const rounded = (ms: number): number => Math.round(ms * 100) / 100;

/** What an answer from memory says of its time (Server-Timing, W3C): looking it up was all there was to do. */
export function timingOfHit(startedAt: number): string {
  const ms = rounded(performance.now() - startedAt);
  return `cache;desc="hit";dur=${ms}, total;dur=${ms}`;
}

/**
 * Says on every answer of the server where its time went. What is open to everybody keeps the database's part to itself: it would tell
 * whether an account was found.
 */
export function sayTiming(server: FastifyInstance): void {
  server.decorateRequest('dbMs', undefined);
  server.addHook('onSend', (request, reply, payload, done) => {
    const { dbMs, cacheKey, startedAt } = request;
    // Refused before the first hook: then nothing was measured.
    if (startedAt === 0) return done(null, payload);
    const total = `total;dur=${rounded(performance.now() - startedAt)}`;
    const cache = cacheKey === undefined ? '' : 'cache;desc="miss", ';
    const isOpen = request.routeOptions.config.rules?.allow === 'public';
    const db = dbMs === undefined || isOpen ? '' : `db;dur=${rounded(dbMs)}, `;
    reply.header('server-timing', db + cache + total);
    done(null, payload);
  });
}
