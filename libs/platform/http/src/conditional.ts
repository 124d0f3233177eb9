import type { FastifyRequest } from 'fastify';
import { invalidRequest } from './http.problems';

/** The version that If-Match names, if the request has one: the strong ETag of the item as it was read (RFC 9110, 13.1.1). */
export function ifMatchVersion(request: FastifyRequest): number | undefined {
  const given = request.headers['if-match'];
  if (given === undefined || given.trim() === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(given.trim());
  if (!version)
    throw invalidRequest([{ pointer: 'If-Match', detail: 'is one strong ETag as this API gives it, such as "42"' }]);
  return Number(version[1]);
}
