import { relaxed, schemaProblems } from '@innkeep/testing';
import type { Answer } from './client';
import type { ApiDocument } from './api-document';
import type { Prepared } from './prepare';

/** A check looks at a request and its answer, and says what is wrong, if anything is. */
type Check = (prepared: Prepared, answer: Answer, document: ApiDocument) => string | undefined | false;

const mediaType = ({ headers }: Answer) => (headers['content-type'] ?? '').split(';', 1)[0]!.trim();
const isSuccess = ({ status }: Answer) => status >= 200 && status < 300;
const responseFor = ({ operation }: Prepared, { status }: Answer) =>
  operation.responses[String(status)] ?? (status >= 400 ? operation.responses.default : undefined);

/** A method that the path is not documented with. */
const isOtherMethod = ({ sent, operation }: Prepared) => sent.method !== operation.method;

/** Statuses that need no body and no mention: HTTP's own. */
const isPlain = ({ status }: Answer) => status === 304;

/** Says who asks, and is believed; or does not, and is not. */
const isLetIn = ({ operation, actor }: Prepared): boolean =>
  operation.token === undefined ||
  (operation.token === 'operatorToken' ? actor === 'operator' : !['operator', 'nobody', 'forger'].includes(actor));

/** The checks, called as Schemathesis calls its own where there is one. */
export const checks: Readonly<Record<string, Check>> = {
  not_a_server_error: (_prepared, { status }) => status >= 500 && `${status}`,

  status_code_conformance: (prepared, answer) =>
    !isOtherMethod(prepared) &&
    !isPlain(answer) &&
    !responseFor(prepared, answer) &&
    `${answer.status} is not documented`,

  content_type_conformance: (prepared, answer) => {
    if (answer.status >= 400 && prepared.sent.method !== 'HEAD')
      return mediaType(answer) !== 'application/problem+json' && `a refusal of type "${mediaType(answer)}"`;
    const types = Object.keys(responseFor(prepared, answer)?.content ?? {});
    return (
      types.length > 0 &&
      !isOtherMethod(prepared) &&
      !types.includes(mediaType(answer)) &&
      `"${mediaType(answer)}" is not documented`
    );
  },

  response_headers_conformance: (_prepared, { status, headers }) => {
    if (!/^[A-Za-z0-9_-]{8,64}$/.test(headers['x-request-id'] ?? '')) return 'no X-Request-Id';
    return (status === 429 || status === 503) && !headers['retry-after'] && 'no Retry-After';
  },

  response_schema_conformance: (prepared, answer) => {
    const schema = responseFor(prepared, answer)?.content?.[mediaType(answer)]?.schema;
    if (!schema || isOtherMethod(prepared)) return undefined;
    const isSparse = /[?&]fields=/.test(prepared.sent.path);
    const problems = schemaProblems(isSparse ? relaxed(schema) : schema, parsed(answer.text));
    return problems.length > 0 && problems.slice(0, 5).join('; ');
  },

  negative_data_rejection: (prepared, answer) =>
    !isOtherMethod(prepared) &&
    prepared.wrong.length > 0 &&
    answer.status < 400 &&
    `${answer.status} though wrong: ${prepared.wrong.join(', ')}`,

  positive_data_acceptance: (prepared, answer) => {
    // Text at its oddest is described in words only.
    if (prepared.mutation || prepared.wrong.length > 0 || answer.status !== 400) return undefined;
    const { code, errors } = parsed(answer.text) as { code?: string; errors?: unknown };
    return code === 'invalid-request' && `refused though as documented: ${JSON.stringify(errors)}`;
  },

  missing_required_header: ({ mutation, wrong }, { status }) =>
    mutation?.kind === 'header dropped' &&
    wrong.some((one) => one.startsWith('header')) &&
    status < 400 &&
    `${status} without it`,

  unsupported_method: (prepared, answer, document) => {
    const { sent, mutation } = prepared;
    if (!isOtherMethod(prepared) || document.takes(sent.method, sent.path)) return undefined;
    if (answer.status === 405) return !answer.headers.allow && '405 without Allow';
    // A path that was made up may be nowhere.
    return mutation?.kind !== 'path' && `${answer.status} instead of 405`;
  },

  ignored_auth: (prepared, answer) => {
    if (isLetIn(prepared) || isOtherMethod(prepared)) return undefined;
    const isOther = prepared.mutation?.kind === 'path' && [400, 404].includes(answer.status);
    return answer.status !== 401 && !isOther && `${answer.status} for ${prepared.actor}`;
  },

  problem_document: ({ sent }, { status, text }) => {
    if (status < 400 || sent.method === 'HEAD') return undefined;
    const problem = parsed(text) as { status?: number; type?: string; code?: string } | undefined;
    const isRight = problem?.status === status && problem.type === `/problems/${problem.code}`;
    return !isRight && 'not the problem that its status says';
  },

  nothing_of_the_inside: (_prepared, answer) =>
    /node_modules|\bat \S+ \(|(select|insert|update) .{0,80}(from|into|set) |PostgresError|ECONNREFUSED/.test(
      answer.text,
    ) &&
    !isSuccess(answer) &&
    'tells about the inside',
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
