import { DomainError } from '@innkeep/contracts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { httpProblems, notFound } from './http.problems';

/** Where the page of a problem type lives; relative, so that it resolves against whatever address the API is reached by. */
export const problemUri = (name: string): string => `/problems/${name}`;

/** An error as a problem document (RFC 9457): `type`, `title`, `status`, `code`, `detail`, `requestId`, and the offending fields. */
export function problemDocument(error: DomainError, request: { id: string; url?: string }): Record<string, unknown> {
  const { problem, message, extra } = error;
  return {
    type: problemUri(problem.name),
    title: problem.title,
    status: problem.status,
    code: problem.name,
    detail: message,
    instance: request.url?.split('?', 1)[0],
    requestId: request.id,
    ...(extra.errors && { errors: extra.errors }),
    ...extra.members,
  };
}

const byFastifyCode: Record<string, () => DomainError> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new DomainError(httpProblems['unsupported-media-type'], 'Send application/json.'),
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new DomainError(httpProblems['payload-too-large'], 'Send less in one request, or use the bulk route.', {
      headers: { connection: 'close' },
    }),
  // Longer than any id: then there is nothing there.
  FST_ERR_MAX_PARAM_LENGTH: () => notFound('resource'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => new DomainError(httpProblems['malformed-json'], 'The body is empty.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new DomainError(httpProblems['malformed-json'], 'The body is not as long as Content-Length says.', {
      headers: { connection: 'close' },
    }),
};

const byStatus: Record<number, () => DomainError> = {
  400: () => new DomainError(httpProblems['invalid-request'], 'The request could not be understood.'),
  404: () => new DomainError(httpProblems['not-found'], 'There is no such route or resource.'),
  413: () => byFastifyCode.FST_ERR_CTP_BODY_TOO_LARGE!(),
  415: () => byFastifyCode.FST_ERR_CTP_INVALID_MEDIA_TYPE!(),
};

/** What an error that reached the edge of the process means to the caller. Anything unknown is a 500 that says nothing of its inside. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { code, statusCode, status, getStatus } = error as Partial<FastifyError> & {
    status?: number;
    getStatus?: () => number;
  };
  const known = code ? byFastifyCode[code] : undefined;
  if (known) return known();
  const answer = byStatus[(getStatus ? (error as { getStatus(): number }).getStatus() : (statusCode ?? status)) ?? 500];
  return answer
    ? answer()
    : new DomainError(
        httpProblems['internal-error'],
        'The error is logged under the request id. Trying again may help.',
      );
}

/** That nothing was found, or, if another method would have found something, which. */
function notFoundOrOffered(error: DomainError, request: FastifyRequest): DomainError {
  // On the public listener not even the methods of what is for operators are told.
  const offered = request.is404 ? request.server.offeredMethods(request.url, request.isAmongOperators) : [];
  if (offered.length === 0 || offered.includes(request.method)) return error;
  const allow = offered.join(', ');
  return new DomainError(httpProblems['method-not-allowed'], `Use one of ${allow}.`, { headers: { allow } });
}

/** Sends an error as its problem document; the only place where that is done. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const domainError = notFoundOrOffered(toDomainError(error), request);
  if (domainError.problem.status >= 500)
    request.log.error({ err: error, cause: (error as Error).cause }, 'request failed');
  if (reply.sent) return;
  reply
    .code(domainError.problem.status)
    .headers({ ...domainError.extra.headers, 'cache-control': 'no-store' })
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemDocument(domainError, request)));
}
