import { printedSeed } from '@innkeep/testing';
import type { FastifyRequest } from 'fastify';
import fc from 'fast-check';
import { canonicalJson, idempotencyKeyOf } from './idempotency-key';

const request = ({
  key,
  body = null,
  method = 'POST',
  url = '/v1/things',
  isKeyRequired = true,
}: {
  key?: string;
  body?: unknown;
  method?: string;
  url?: string;
  isKeyRequired?: boolean;
}) =>
  ({
    headers: key === undefined ? {} : { 'idempotency-key': key },
    body,
    method,
    url,
    routeOptions: { config: { rules: { isKeyRequired } } },
  }) as unknown as FastifyRequest;

const fingerprint = (about: Parameters<typeof request>[0]) =>
  idempotencyKeyOf(request({ key: 'k', ...about }))!.fingerprint;

describe('canonical JSON', () => {
  it.each([
    [
      'sorts keys by their code units, at every level',
      { b: 1, a: { d: 1, c: [{ f: 1, e: 2 }] }, é: 0, Z: 0 },
      '{"Z":0,"a":{"c":[{"e":2,"f":1}],"d":1},"b":1,"é":0}',
    ],
    ['keeps the order of lists', [3, 1, 2], '[3,1,2]'],
    ['leaves out what is undefined, and has null for it in a list', { a: undefined, b: [undefined] }, '{"b":[null]}'],
    ['writes numbers as JavaScript does', [1.0, 1e21, -0, 0.1], '[1,1e+21,0,0.1]'],
    ['escapes strings as JSON does', { 'a"': 'line\nbreak' }, '{"a\\"":"line\\nbreak"}'],
    ['writes null', null, 'null'],
  ])('%s', (_what, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('says the same of equal values whatever the order of their keys, and different things of different ones', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reversed(item)]),
      );
    };
    const value = fc.jsonValue({ maxDepth: 3 });
    const same = fc.property(value, (one) => {
      expect(canonicalJson(reversed(one))).toBe(canonicalJson(one));
      expect(JSON.parse(canonicalJson(one))).toEqual(JSON.parse(JSON.stringify(one)));
    });
    fc.assert(same, { seed: printedSeed('canonical JSON'), numRuns: 200 });
  });
});

describe('the key of a request', () => {
  it.each([
    ['expense-7f9c2ba4', 'expense-7f9c2ba4'],
    ['"expense-7f9c2ba4"', 'expense-7f9c2ba4'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ["!#$%&'()*+,-./:;<=>?@[]^_`{|}~", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"],
    ['k'.repeat(255), 'k'.repeat(255)],
  ])('is taken from %s', (given, key) => {
    expect(idempotencyKeyOf(request({ key: given }))!.key).toBe(key);
  });

  it.each([
    ['nothing', ''],
    ['empty quotes', '""'],
    ['a quote that does not end', '"key'],
    ['a quote inside', 'a"b'],
    ['a blank', 'two words'],
    ['two headers that were joined', 'one, two'],
    ['more than 255 characters', 'k'.repeat(256)],
    ['a backslash', 'a\\b'],
    ['something that is not ASCII', 'clé'],
    ['a control character', 'a\u0001'],
  ])('is refused if it is %s', (_what, given) => {
    expect(() => idempotencyKeyOf(request({ key: given }))).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ name: 'idempotency-key-invalid', status: 400 }) }),
    );
  });

  it('may be missing only where the route does not require one', () => {
    expect(idempotencyKeyOf(request({ isKeyRequired: false }))).toBeUndefined();
    expect(() => idempotencyKeyOf(request({}))).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ name: 'idempotency-key-required', status: 400 }) }),
    );
  });

  it('stands for method, path and body, however the body was written', () => {
    const body = { a: 1, b: 2 };
    expect(fingerprint({ body })).toEqual(fingerprint({ body: { b: 2, a: 1 } }));
    expect(fingerprint({ body })).toEqual(fingerprint({ body, url: '/v1/things?page=2' }));
    for (const other of [
      { body: { a: 1 } },
      { body, method: 'PUT' },
      { body, url: '/v1/others' },
      { body: { a: '1', b: 2 } },
      {},
    ])
      expect(fingerprint(other)).not.toEqual(fingerprint({ body }));
  });
});
