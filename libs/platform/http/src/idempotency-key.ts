import { createHash } from 'node:crypto';
import { DomainError, canonicalJson } from '@innkeep/contracts';
import type { CommandContext, IdempotencyKey } from '@innkeep/platform/database';
import type { FastifyRequest } from 'fastify';
import { httpProblems } from './http.problems';
import { principalOf } from './request-state';

/** The request's key: a structured-field string or a bare token of visible ASCII (draft-ietf-httpapi-idempotency-key-header). */
export function idempotencyKeyOf(request: FastifyRequest): IdempotencyKey | undefined {
  const given = request.headers['idempotency-key'];
  if (given === undefined) {
    if (!request.routeOptions.config.rules?.isKeyRequired) return undefined;
    throw new DomainError(
      httpProblems['idempotency-key-required'],
      'Send an Idempotency-Key header, a new one for each new request and the same one when repeating it.',
    );
  }
  const key = /^"([\x21\x23-\x5b\x5d-\x7e]{1,255})"$|^([\x21\x23-\x5b\x5d-\x7e]{1,255})$/.exec(String(given));
  if (!key)
    throw new DomainError(
      httpProblems['idempotency-key-invalid'],
      'Use 1 to 255 visible ASCII characters, with or without quotes around them.',
    );
  const fingerprint = createHash('sha256')
    .update(`${request.method} ${canonicalTarget(request.url)}\n`)
    .update(canonicalJson(request.body ?? null))
    .digest();
  return { key: key[1] ?? key[2]!, fingerprint };
}

/** Path and query, whatever the order of its parameters: an import that is tried and one that is made differ there alone. */
function canonicalTarget(url: string): string {
  const { pathname, searchParams } = new URL(url, 'http://innkeep.invalid');
  searchParams.sort();
  return searchParams.size > 0 ? `${pathname}?${searchParams}` : pathname;
}

/** What a command is run with, from the request that asks for it. */
export const commandContext = (request: FastifyRequest): CommandContext => ({
  principal: principalOf(request),
  requestId: request.id,
  idempotency: idempotencyKeyOf(request),
});
