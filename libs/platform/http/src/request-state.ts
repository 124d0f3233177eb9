import type { Principal } from '@innkeep/contracts';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '@innkeep/contracts';
import { httpProblems } from './http.problems';
import type { CachedAnswer, LoadTicket } from '@innkeep/platform/cache';

/** What a client may send as the id of its request. */
export const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/**
 * The user as whom a process asks itself for what it wants to have at hand. No token of it leaves the process, nobody has this id, and
 * what it does is counted as nobody's.
 */
export const NOBODY = 0;

/** Who calls, as verified once for each token. */
export interface Caller {
  readonly principal: Principal;
  /** When the token ends, in seconds since 1970. */
  readonly expiresAt: number;
  /** Organization, role and property set: callers with the same partition get the same answers, and nobody else does. */
  readonly partition: string;
  /** What an API key opens; undefined for somebody who signed in. */
  readonly scopes?: ReadonlySet<string>;
}

/** Somebody who runs the system. Belongs to no organization and sees none's data. */
export interface Operator {
  readonly operatorId: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller?: Caller;
    operator?: Operator;
    startedAt: number;
    /** The position the caller must at least see, from `Innkeep-Min-Position`. */
    minPosition: number;
    /** How long the database was at what is answered, in milliseconds. */
    dbMs?: number;
    cacheKey?: string;
    loadTicket?: LoadTicket;
    /** To be told what was read under the cache key: others wait for it. */
    loaded?: (answer: CachedAnswer) => void;
  }
}

/** The caller of a route that is not public. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller)
    throw new DomainError(
      httpProblems['authentication-required'],
      'Send an access token: Authorization: Bearer <token>.',
    );
  return request.caller;
}

/** The operator who calls a route that is for operators. */
export function operatorOf(request: FastifyRequest): Operator {
  if (!request.operator)
    throw new DomainError(httpProblems['authentication-required'], 'Send an access token of an operator.');
  return request.operator;
}

export const principalOf = (request: FastifyRequest): Principal => callerOf(request).principal;
