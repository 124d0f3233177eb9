import { createHash, randomBytes } from 'node:crypto';
import { DomainError } from '@innkeep/contracts';
import { databaseProblems } from '@innkeep/platform/database';
import type { Caller } from '@innkeep/platform/http';
import type { Redis } from 'ioredis';
import { ticketInvalid } from './realtime.problems';

/** For how long a ticket can be used. In seconds. */
export const TICKET_SECONDS = 60;

const keyOf = (ticket: string) => `live:ticket:${createHash('sha256').update(ticket).digest('base64url')}`;

const unavailable = () =>
  new DomainError(databaseProblems['service-unavailable'], 'Tickets cannot be had at the moment. Try again soon.', {
    headers: { 'retry-after': '2' },
  });

/**
 * Tickets for pages whose `EventSource` cannot send an Authorization header: each opens one stream once, within a minute, for as long as
 * the access token lives that it was asked for with. Only its hash is kept, so that nobody learns one from Redis.
 */
export class Tickets {
  constructor(private readonly redis: Redis) {}

  async issue({ principal, expiresAt, partition, scopes }: Caller): Promise<string> {
    const ticket = randomBytes(32).toString('base64url');
    const kept = JSON.stringify({ principal, expiresAt, partition, scopes: scopes && [...scopes] });
    await this.redis.set(keyOf(ticket), kept, 'EX', TICKET_SECONDS).catch(() => {
      throw unavailable();
    });
    return ticket;
  }

  /** Who the ticket was given to; it is used up by that. */
  async redeem(ticket: string): Promise<Caller> {
    const kept = /^[\w-]{43}$/.test(ticket)
      ? await this.redis.getdel(keyOf(ticket)).catch(() => {
          throw unavailable();
        })
      : null;
    if (kept === null) throw ticketInvalid();
    const { scopes, ...caller } = JSON.parse(kept) as Omit<Caller, 'scopes'> & { scopes?: string[] };
    if (caller.expiresAt <= Date.now() / 1_000) throw ticketInvalid();
    return { ...caller, scopes: scopes && new Set(scopes) };
  }
}
