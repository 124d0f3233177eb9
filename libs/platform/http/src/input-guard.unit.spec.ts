import { DomainError } from '@innkeep/contracts';
import fastify, { type FastifyInstance } from 'fastify';
import { guardInput, parseJson } from './input-guard';
import { sendProblem } from './problem-document';

const refusal = (body: string | Buffer): string => {
  try {
    parseJson(Buffer.from(body as string));
    return 'accepted';
  } catch (error) {
    return error instanceof DomainError ? error.problem.name : `crashed: ${String(error)}`;
  }
};

const nested = (levels: number, open = '[', close = ']') => open.repeat(levels) + close.repeat(levels);

describe('the strict parser', () => {
  it.each([
    ['an object', '{"a":1}', { a: 1 }],
    ['white space around it', ' \n[1, 2]\t', [1, 2]],
    ['text of all planes', '{"a":"é 漢 😀"}', { a: 'é 漢 😀' }],
    ['an escaped pair of surrogates', '"\\ud83d\\ude00"', '😀'],
    ['brackets inside a string', JSON.stringify(nested(100)), nested(100)],
    ['an escaped quote before brackets', `["\\"${nested(50)}"]`, [`"${nested(50)}`]],
    ['as many levels as are allowed', nested(32), JSON.parse(nested(32))],
    ['nothing at all', '', undefined],
    ['nothing but white space', ' \r\n', undefined],
  ])('takes %s', (_what, body, expected) => {
    expect(parseJson(Buffer.from(body))).toEqual(expected);
  });

  it.each([
    ['half an object', '{"a":', 'malformed-json'],
    ['a trailing comma', '[1,]', 'malformed-json'],
    ['a comment', '{} // why', 'malformed-json'],
    ['single quotes', "{'a':1}", 'malformed-json'],
    ['NaN', '[NaN]', 'malformed-json'],
    ['a byte order mark', '\ufeff{}', 'malformed-json'],
    ['a key twice', '{"a":1,"a":2}', 'duplicate-key'],
    ['too many keys', `{${Array.from({ length: 20_001 }, (_, index) => `"${index}":1`).join()}}`, 'too-many-keys'],
    ['a byte that is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'invalid-utf8'],
    ['an overlong encoding', Buffer.from([0x22, 0xc0, 0x80, 0x22]), 'invalid-utf8'],
    ['a surrogate encoded as UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'invalid-utf8'],
    ['one level too many', nested(33), 'json-too-deep'],
    ['objects nested too deeply', '{"a":'.repeat(33) + '1' + '}'.repeat(33), 'json-too-deep'],
    ['a million brackets', '['.repeat(1_000_000), 'json-too-deep'],
    ['closing brackets before opening ones', ']'.repeat(20) + '['.repeat(20), 'malformed-json'],
    ['an escaped NUL', '{"a":"x\\u0000y"}', 'invalid-character'],
    ['a NUL in a key', '{"a\\u0000":1}', 'invalid-character'],
    ['half a pair of surrogates', '{"a":["\\ud800"]}', 'invalid-character'],
    ['the other half', '"\\udc00x"', 'invalid-character'],
    ['the key __proto__', '{"__proto__":{"isOwner":true}}', 'invalid-request'],
    ['the key __proto__ further down', '[{"a":{"__proto__":1}}]', 'invalid-request'],
    ['the key __proto__ in disguise', '{"\\u005f_proto__":1}', 'invalid-request'],
    ['the key constructor', '{"constructor":{"prototype":{}}}', 'invalid-request'],
  ])('refuses %s', (_what, body, expected) => {
    expect(refusal(body)).toBe(expected);
  });
});

describe('where JSON ends', () => {
  it.each([
    ['half an object', '{"a":', 5],
    ['a trailing comma', '[1,]', 3],
    ['a comment', '{} // why', 3],
    ['a wrong word behind characters of two and four bytes', '{"é":"😀",x}', 13],
    ['no JSON at all', 'amountCents=5', 0],
    ['something behind the end', '{"a":1}}', 7],
  ])('%s: the offset is in bytes', (_what, body, offset) => {
    expect(() => parseJson(Buffer.from(body))).toThrow(
      expect.objectContaining({ extra: { members: { offset } }, message: expect.stringContaining(`byte ${offset}`) }),
    );
  });
});

describe('the input guard of a server', () => {
  let server: FastifyInstance;
  beforeAll(async () => {
    server = fastify({ bodyLimit: 100 });
    guardInput(server);
    server.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
    server.all('/things/:id', (request) => ({ body: request.body ?? null, query: request.query }));
    await server.ready();
  });
  afterAll(() => server.close());

  it.each([
    ['a parameter given twice', { method: 'GET', url: '/things/1?limit=1&limit=2' }, 400, 'invalid-request'],
    ['a NUL in the query', { method: 'GET', url: '/things/1?q=a%00b' }, 400, 'invalid-character'],
    ['a NUL in the path', { method: 'GET', url: '/things/a%00b' }, 400, 'invalid-character'],
    [
      'what decoders leave of bytes that are no text',
      { method: 'GET', url: '/things/1?q=%ef%bf%bd' },
      400,
      'invalid-character',
    ],
    [
      'a form',
      {
        method: 'POST',
        url: '/things/1',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'a=1',
      },
      415,
      'unsupported-media-type',
    ],
    [
      'plain text',
      { method: 'POST', url: '/things/1', headers: { 'content-type': 'text/plain' }, payload: '{}' },
      415,
      'unsupported-media-type',
    ],
    [
      'a body that is too large',
      {
        method: 'POST',
        url: '/things/1',
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify('x'.repeat(200)),
      },
      413,
      'payload-too-large',
    ],
    ...(
      [
        ['a charset other than UTF-8', { 'content-type': 'application/json; charset=latin1' }],
        ['a compressed body', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
      ] as const
    ).map(
      ([what, headers]) =>
        [what, { method: 'POST', url: '/things/1', headers, payload: '{}' }, 415, 'unsupported-media-type'] as const,
    ),
    ['a prototype in the query', { method: 'GET', url: '/things/1?__proto__=x' }, 400, 'invalid-request'],
    ['a constructor in the query', { method: 'GET', url: '/things/1?constructor=x' }, 400, 'invalid-request'],
    [
      'a body with GET',
      { method: 'GET', url: '/things/1', headers: { 'content-type': 'application/json' }, payload: '{}' },
      400,
      'invalid-request',
    ],
    [
      'JSON that is none',
      { method: 'POST', url: '/things/1', headers: { 'content-type': 'application/json' }, payload: '{' },
      400,
      'malformed-json',
    ],
  ] as const)('refuses %s', async (_what, request, status, code) => {
    const response = await server.inject({ ...request });
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    'reads a body of type %s',
    async (type) => {
      const response = await server.inject({
        method: 'POST',
        url: '/things/1',
        headers: { 'content-type': type },
        payload: '{"a":1}',
      });
      expect(response.json().body).toEqual({ a: 1 });
    },
  );
});
