import type { ApiDocument, Operation } from './api-document';
import { checks } from './checks';
import type { Answer } from './client';
import type { Prepared } from './prepare';

const operation: Operation = {
  name: 'POST /v1/things',
  method: 'POST',
  template: '/v1/things',
  parameters: [{ name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string' } }],
  body: { type: 'object' },
  token: 'accessToken',
  responses: {
    '201': {
      content: {
        'application/json': { schema: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] } },
      },
    },
    default: { content: { 'application/problem+json': { schema: { type: 'object', required: ['code'] } } } },
  },
};
const document: ApiDocument = {
  operations: [operation],
  methodsAt: () => ['POST'],
  takes: (method) => method === 'POST',
};
const sent = { method: 'POST', path: '/v1/things', headers: {} };
const asked: Prepared = { operation, actor: 'owner', sent, wrong: [], isAsDocumented: true };

const headers = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'request-1' };
const made: Answer = { status: 201, headers, text: '{"id":1}' };
const refusal = (status: number, code = 'invalid-request'): Answer => ({
  status,
  headers: { ...headers, 'content-type': 'application/problem+json' },
  text: JSON.stringify({ type: `/problems/${code}`, status, code }),
});

/** Which checks complain. */
const complaining = (change: Partial<Prepared>, answer: Answer) =>
  Object.keys(checks).filter((name) => checks[name]!({ ...asked, ...change }, answer, document));

describe('the checks of made-up requests', () => {
  it('say nothing about what is right', () => {
    expect(complaining({}, made)).toEqual([]);
    expect(complaining({ wrong: ['body'] }, refusal(400))).toEqual([]);
    expect(complaining({ actor: 'nobody' }, refusal(401, 'authentication-required'))).toEqual([]);
  });

  it.each<[string, Partial<Prepared>, Answer]>([
    ['not_a_server_error', {}, refusal(500)],
    ['status_code_conformance', {}, { ...made, status: 200 }],
    ['content_type_conformance', {}, { ...made, headers: { ...headers, 'content-type': 'text/html' } }],
    ['content_type_conformance', { wrong: ['body'] }, { ...refusal(400), headers }],
    ['response_headers_conformance', {}, { ...made, headers: { 'content-type': 'application/json' } }],
    ['response_headers_conformance', {}, refusal(429)],
    ['response_schema_conformance', {}, { ...made, text: '{}' }],
    ['negative_data_rejection', { wrong: ['body'] }, made],
    ['positive_data_acceptance', {}, refusal(400)],
    ['missing_required_header', { mutation: { kind: 'header dropped' }, wrong: ['header Idempotency-Key'] }, made],
    ['unsupported_method', { sent: { ...sent, method: 'PUT' } }, refusal(404, 'not-found')],
    ['unsupported_method', { sent: { ...sent, method: 'PUT' } }, refusal(405, 'method-not-allowed')],
    ['ignored_auth', { actor: 'nobody' }, made],
    ['ignored_auth', { actor: 'forger' }, made],
    ['ignored_auth', { actor: 'operator' }, made],
    ['problem_document', {}, { ...refusal(409), text: refusal(404).text }],
    ['nothing_of_the_inside', {}, { ...refusal(409), text: '{"detail":"at Shard.query (/app/node_modules/pg"}' }],
  ])('%s complains', (name, change, answer) => {
    expect(complaining(change, answer)).toContain(name);
  });
});
