import type { Freshness } from '@innkeep/platform/database';
import { sparse } from './sparse-answers';
import type { FastifyReply } from 'fastify';

/**
 * An answer that is about the caller, about people, or about what changes without an event: never kept, and without a validator, because organizations count their versions
 * alike and whoever signs in next on the same browser must not be told that nothing has changed.
 */
export function personalAnswer(reply: FastifyReply, body: object, { position, dbMs }: Freshness): void {
  reply.request.dbMs = dbMs;
  const { body: wanted, headers } = sparse(reply.request, body);
  void reply
    .headers({ ...headers, 'cache-control': 'no-store', 'innkeep-position': String(position) })
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(wanted));
}
