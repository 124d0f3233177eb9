import type { RouteRules } from '@innkeep/platform/http';
import type { JsonSchema } from './document-schemas';

interface Header {
  readonly description: string;
  readonly schema: JsonSchema & Record<string, unknown>;
  readonly required?: boolean;
}

/** A parameter of a request that is a header. */
export interface HeaderParameter extends Header {
  readonly name: string;
  readonly in: 'header';
}

const text = (example: string) => ({ type: 'string', example });
const count = (example: number) => ({ type: 'integer', minimum: 0, example });

/** The headers of answers, by name. Operations refer to them. */
export const answerHeaders = {
  'X-Request-Id': {
    description: 'The id of the request, as it was sent or as it was given',
    schema: text('b0c1d2e3-f4a5'),
    required: true,
  },
  'Innkeep-Position': { description: 'The version of the organization that the answer shows', schema: count(42) },
  'Innkeep-As-Of': {
    description: 'When it was read, where it comes from the transactions because a report stands still',
    schema: { type: 'string', format: 'date-time', example: '2026-03-14T09:26:53.589Z' },
  },
  ETag: {
    description: 'The state that is answered: strong for one item, weak for lists and reports',
    schema: text('"42"'),
    required: true,
  },
  'ETag-Of-Change': { description: 'The version of the item after the change', schema: text('"42"') },
  'Last-Modified': {
    description: 'The second of the last change, from two seconds after it on',
    schema: text('Sat, 14 Mar 2026 09:26:53 GMT'),
  },
  'Idempotent-Replayed': {
    description: 'The request was carried out before, and this is its answer',
    schema: { type: 'string', enum: ['true'], example: 'true' },
  },
  'Cache-Group-Invalidation': {
    description: 'The groups of answers that the change outdates, as `Cache-Groups` names them (RFC 9875)',
    schema: text('"p:1000", "fs:1000"'),
  },
  'RateLimit-Policy': {
    description: 'The limits that apply: how many in how many seconds',
    schema: text('"write-user";q=100;w=60'),
  },
  RateLimit: { description: 'What is left of each, and when it is whole again', schema: text('"write-user";r=99;t=1') },
  'X-RateLimit-Limit': { description: 'The tightest limit', schema: count(100) },
  'X-RateLimit-Remaining': { description: 'What is left of it', schema: count(99) },
  'X-RateLimit-Reset': { description: 'When it is whole again, in seconds since 1970', schema: count(1_773_480_414) },
  'Retry-After': { description: 'In how many seconds to ask again', schema: count(1) },
  'X-Fields-Available': { description: 'What `fields` may choose from', schema: text('id, name'), required: true },
  'X-Fields-Returned': { description: 'What it has chosen', schema: text('id') },
} satisfies Record<string, Header>;
type AnswerHeader = keyof typeof answerHeaders;

const limits = [
  'RateLimit-Policy',
  'RateLimit',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
] as const satisfies readonly AnswerHeader[];

/** What any refusal may have: changes that are refused have counted. */
export const headersOfRefusal: readonly AnswerHeader[] = ['X-Request-Id', ...limits];

const isForMembers = ({ allow }: RouteRules) => allow !== 'public' && allow !== 'operator';
const isRead = (method: string) => method === 'get';
const takesKey = (method: string, rules: RouteRules) => isForMembers(rules) && !isRead(method) && !rules.isKeyUnused;
const isReport = ({ cache, isRevalidated = false }: RouteRules) => cache !== undefined || isRevalidated;
const hasValidator = (method: string, rules: RouteRules) =>
  isRead(method) && (isReport(rules) || rules.isVersioned === true);

/** References to the headers by these names. */
export const referTo = (names: readonly AnswerHeader[]): Record<string, { $ref: string }> =>
  Object.fromEntries(names.map((name) => [name.replace('-Of-Change', ''), { $ref: `#/components/headers/${name}` }]));

/** The headers of success, as they follow from what a route declares. */
export function headersOfSuccess(method: string, rules: RouteRules): readonly AnswerHeader[] {
  const told: [AnswerHeader, boolean][] = [
    ['X-Request-Id', true],
    ['Innkeep-Position', isForMembers(rules) || !isRead(method)],
    ['Innkeep-As-Of', isReport(rules)],
    ['ETag', hasValidator(method, rules)],
    ['ETag-Of-Change', !isRead(method) && rules.isVersioned === true],
    ['Last-Modified', isRead(method) && rules.isVersioned === true],
    ['Idempotent-Replayed', takesKey(method, rules)],
    ['Cache-Group-Invalidation', isForMembers(rules) && !isRead(method)],
    ...limits.map((name): [AnswerHeader, boolean] => [name, !isRead(method) && rules.allow !== 'operator']),
    ['X-Fields-Available', rules.fields !== undefined],
    ['X-Fields-Returned', rules.fields !== undefined],
  ];
  return told.flatMap(([name, isTold]) => (isTold ? [name] : []));
}

/** The answer to whoever has what would be sent; nothing for routes that cannot tell. */
export const unchangedAnswer = (method: string, rules: RouteRules) =>
  hasValidator(method, rules)
    ? { 304: { description: 'What the client has still holds', headers: referTo(headersOfSuccess(method, rules)) } }
    : {};

/** The headers that a request may bring, as they follow from what a route declares. */
export function headersOfRequest(method: string, rules: RouteRules): HeaderParameter[] {
  const conditional = hasValidator(method, rules);
  const taken: [boolean, Omit<HeaderParameter, 'in'>][] = [
    [
      takesKey(method, rules) && (method === 'post' || method === 'patch'),
      {
        name: 'Idempotency-Key',
        required: rules.isKeyRequired === true,
        description:
          'Any string of 1 to 255 visible ASCII characters; the same request with the same key is carried out once and answered alike for 24 hours.',
        schema: text('expense-7f9c2ba4'),
      },
    ],
    [
      rules.takesIfMatch === true,
      {
        name: 'If-Match',
        description: 'The ETag of the item as you read it: else it is not changed',
        schema: text('"42"'),
      },
    ],
    [conditional, { name: 'If-None-Match', description: 'ETags that you have', schema: text('"42"') }],
    [
      conditional && rules.isVersioned === true,
      {
        name: 'If-Modified-Since',
        description: 'The Last-Modified that you have. If-None-Match goes before it',
        schema: text('Sat, 14 Mar 2026 09:26:53 GMT'),
      },
    ],
    [
      isRead(method) && isForMembers(rules),
      {
        name: 'Innkeep-Min-Position',
        description: 'The position that the answer is to show at least; it waits for it up to half a second',
        schema: count(42),
      },
    ],
  ];
  return taken.flatMap(([isTaken, header]) => (isTaken ? [{ required: false, ...header, in: 'header' as const }] : []));
}
