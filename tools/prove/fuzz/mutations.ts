import * as fc from 'fast-check';
import type { Operation } from './api-document';

/** What is changed in a request that was as described. */
export type Mutation =
  /** A member of the body, or the whole of it, becomes something else. */
  | { readonly kind: 'body'; readonly at: number; readonly value: unknown }
  | { readonly kind: 'member dropped'; readonly at: number }
  | { readonly kind: 'member added'; readonly name: string; readonly value: unknown }
  /** Bytes in the place of the body, that cannot be understood; or the type of it. */
  | { readonly kind: 'bytes'; readonly bytes: string }
  | { readonly kind: 'type'; readonly type: string }
  | { readonly kind: 'query'; readonly name: string; readonly value: string }
  | { readonly kind: 'query twice' }
  | { readonly kind: 'path'; readonly value: string }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'header dropped' }
  | { readonly kind: 'method'; readonly method: string };

/** Numbers, texts and shapes that programs stumble over. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, 0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e21, 1e308, '', ' ', '0', '-0', 'null', [], {}, [[]]],
    ...[
      '\u0000',
      '\ud800',
      '\u202eabc',
      'a\r\nb',
      '%00',
      "' or 1=1 --",
      '${7*7}',
      '{{7*7}}',
      '../../etc/passwd',
      '__proto__',
    ],
    ...[
      'x'.repeat(501),
      'x'.repeat(20_000),
      '1e9999',
      'NaN',
      '2026-02-30',
      '2026-13-01T00:00:00Z',
      '9999999999999999999',
    ],
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.double(),
);
const oddText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1e3',
    '0x10',
    '%00',
    '%ff',
    'null',
    '\ufffd',
    "1' or '1'='1",
    '1;2',
    '..%2f..',
    '9'.repeat(30),
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map(safely),
  fc.string({ unit: 'binary', maxLength: 20 }).map(safely),
);

/** As it may stand in an address; half a surrogate pair cannot. */
function safely(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

const bytes = fc.oneof(
  fc.constantFrom(
    ...[
      '{',
      '[',
      '{"a":1,}',
      "{'a':1}",
      'undefined',
      '{"a":NaN}',
      '{"a":1}{"a":2}',
      '\xef\xbb\xbf{}',
      '{"a":"\xff"}',
      '\x1f\x8b\x08',
    ],
    ...['{"a":1,"a":2}', '{"__proto__":{"x":1}}', '{"a":{"constructor":{}}}', '{"a":"\\u0000"}', '{"a":"\\ud800"}'],
    ...['['.repeat(40), '['.repeat(40) + ']'.repeat(40), `[${'0,'.repeat(20_001)}0]`],
  ),
  fc.string({ maxLength: 40 }).map((text) => `{"a":${text}\u0001`),
);

const junkHeader: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constant('header' as const),
  name: fc.constantFrom(
    ...[
      'idempotency-key',
      'if-match',
      'if-none-match',
      'innkeep-min-position',
      'x-request-id',
      'accept',
      'accept-encoding',
    ],
    ...['range', 'content-encoding', 'x-forwarded-for', 'x-http-method-override', 'origin', 'cookie', 'last-event-id'],
  ),
  value: fc.oneof(
    fc.constantFrom(
      '',
      '*',
      '"',
      'W/"1"',
      '"1"',
      '-1',
      'x'.repeat(300),
      'a, b, c',
      'null',
      '0',
      'bytes=0-1',
      '9'.repeat(20),
    ),
    fc.string({ maxLength: 30 }).map((text) => text.replaceAll(/[^\x20-\x7e]/g, '')),
  ),
});

/** What can be changed in a request for this operation. */
export function mutationsOf({ body, parameters }: Operation): fc.Arbitrary<Mutation> {
  const at = fc.nat({ max: 20 });
  const names = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const always: fc.Arbitrary<Mutation>[] = [
    junkHeader,
    fc.record({
      kind: fc.constant('query' as const),
      name: fc.constantFrom('surprise', '__proto__', 'fields', ...names),
      value: oddText,
    }),
    fc.record({
      kind: fc.constant('method' as const),
      method: fc.constantFrom('PUT', 'DELETE', 'PATCH', 'POST', 'GET', 'TRACE'),
    }),
  ];
  const ofBody: fc.Arbitrary<Mutation>[] = [
    fc.record({ kind: fc.constant('body' as const), at, value: odd }),
    fc.record({ kind: fc.constant('body' as const), at, value: odd }),
    fc.record({ kind: fc.constant('member dropped' as const), at }),
    fc.record({
      kind: fc.constant('member added' as const),
      name: fc.constantFrom('surprise', 'id', 'organizationId', 'role'),
      value: odd,
    }),
    fc.record({ kind: fc.constant('bytes' as const), bytes }),
    fc.record({
      kind: fc.constant('type' as const),
      type: fc.constantFrom('text/plain', 'application/xml', 'application/json; charset=utf-16', ''),
    }),
  ];
  const ofQuery: fc.Arbitrary<Mutation>[] = [
    fc.record({ kind: fc.constant('query' as const), name: fc.constantFrom(...names, ''), value: oddText }),
    fc.constant({ kind: 'query twice' as const }),
  ];
  const ofPath: fc.Arbitrary<Mutation>[] = [fc.record({ kind: fc.constant('path' as const), value: oddText })];
  const hasPath = parameters.some((parameter) => parameter.in === 'path');
  const hasHeader = parameters.some((parameter) => parameter.in === 'header' && parameter.required);
  return fc.oneof(
    ...always,
    ...(body ? ofBody : []),
    ...(names.length > 0 ? ofQuery : []),
    ...(hasPath ? ofPath : []),
    ...(hasHeader ? [fc.constant<Mutation>({ kind: 'header dropped' })] : []),
  );
}
