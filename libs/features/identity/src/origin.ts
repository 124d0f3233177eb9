import { principalOf } from '@innkeep/platform/http';
import type { FastifyRequest } from 'fastify';
import type { Asking } from './password-check.store';
import type { SignInOrigin } from './session';

const LONGEST_USER_AGENT = 300;

/** Where a request comes from. */
export const originOf = (request: FastifyRequest): SignInOrigin => ({
  address: request.ip,
  userAgent: request.headers['user-agent']?.slice(0, LONGEST_USER_AGENT).toWellFormed() ?? null,
});

/** The caller of a route that asks for the password once more. */
export const askingFrom = (request: FastifyRequest): Asking => ({
  principal: principalOf(request),
  requestId: request.id,
  address: request.ip,
});
