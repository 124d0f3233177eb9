import type { ProblemType } from '@innkeep/contracts';
import { databaseProblems } from '@innkeep/platform/database';
import { type RouteRules, httpProblems, problemUri } from '@innkeep/platform/http';
import { headersOfRefusal, referTo } from './document-headers';

const retryAfter = referTo(['Retry-After']);

const refusal = (description: string, { name, title, status }: ProblemType, detail: string, headers?: object) => ({
  description,
  headers: { ...referTo(headersOfRefusal), ...headers },
  content: {
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/Problem' },
      example: { type: problemUri(name), title, status, code: name, detail, requestId: 'b0c1d2e3-f4a5' },
    },
  },
});

/** The body of everything that is refused. */
export const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'The page of the problem' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', description: 'Stable name of the problem' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      description: 'What of the request is wrong',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: { pointer: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
};

/** The refusals that operations refer to, by name. */
export const refusals = {
  BadRequest: refusal(
    'The request cannot be understood',
    httpProblems['invalid-request'],
    'Mend the fields named in errors and send the request again.',
  ),
  Unauthorized: refusal('Sign in first', httpProblems['token-expired'], 'Get a new one with the refresh token.', {
    'WWW-Authenticate': { description: 'Bearer', schema: { type: 'string' } },
  }),
  Forbidden: refusal('Not for you', httpProblems.forbidden, 'Your role does not include this.'),
  NotFound: refusal(
    'Not there, or not yours to see',
    httpProblems['not-found'],
    'There is no resource by this id that you can see.',
  ),
  Conflict: refusal(
    'Not as things are now',
    databaseProblems['idempotency-in-progress'],
    'Wait for the answer to the first one, or send it again in a moment.',
    retryAfter,
  ),
  PreconditionFailed: refusal(
    'Somebody was faster',
    httpProblems['precondition-failed'],
    'Read it again and repeat the change on what you see.',
  ),
  PayloadTooLarge: refusal(
    'The body is too large',
    httpProblems['payload-too-large'],
    'Send less in one request, or use the bulk route.',
  ),
  UnsupportedMediaType: refusal(
    'The body is not JSON',
    httpProblems['unsupported-media-type'],
    'Send application/json.',
  ),
  TooManyRequests: refusal(
    'A limit is used up',
    httpProblems['rate-limit-exceeded'],
    'Ask again when Retry-After is over.',
    retryAfter,
  ),
  ServiceUnavailable: refusal(
    'Too busy, or something that is needed cannot be had',
    databaseProblems['service-unavailable'],
    'The service is busy. Try again in a moment.',
    retryAfter,
  ),
  Problem: refusal(
    'Any other problem, told as RFC 9457 has it',
    httpProblems['internal-error'],
    'The error is logged under the request id. Trying again may help.',
  ),
};

/** By which refusals an operation may be answered, by their status: as far as it follows from what is declared. */
export function refusalsOf(
  { allow, isKeyRequired = false, takesIfMatch = false }: RouteRules,
  { takesBody, takesId }: { takesBody: boolean; takesId: boolean },
): Record<string, { $ref: string }> {
  const names: [number | 'default', keyof typeof refusals, boolean][] = [
    [400, 'BadRequest', true],
    [401, 'Unauthorized', allow !== 'public'],
    [403, 'Forbidden', allow !== 'public' && allow !== 'operator'],
    [404, 'NotFound', takesId],
    [409, 'Conflict', isKeyRequired],
    [412, 'PreconditionFailed', takesIfMatch],
    [413, 'PayloadTooLarge', takesBody],
    [415, 'UnsupportedMediaType', takesBody],
    [429, 'TooManyRequests', true],
    [503, 'ServiceUnavailable', true],
    ['default', 'Problem', true],
  ];
  return Object.fromEntries(
    names
      .filter(([, , applies]) => applies)
      .map(([status, name]) => [status, { $ref: `#/components/responses/${name}` }]),
  );
}
