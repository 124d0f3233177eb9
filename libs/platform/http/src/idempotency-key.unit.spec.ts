import type { FastifyRequest } from 'fastify';
import { idempotencyKeyOf } from './idempotency-key';

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

  it('stands for method, path, query and body, however query and body were written', () => {
    const body = { a: 1, b: 2 };
    expect(fingerprint({ body })).toEqual(fingerprint({ body: { b: 2, a: 1 } }));
    const [asked, inOtherWords] = ['/v1/things?dryRun=true&kind=soap', '/v1/things?kind=s%6fap&dryRun=true'];
    expect(fingerprint({ body, url: asked })).toEqual(fingerprint({ body, url: inOtherWords }));
    expect(fingerprint({ body, url: asked })).not.toEqual(
      fingerprint({ body, url: asked.replace('dryRun=true', 'dryRun=false') }),
    );
    for (const other of [
      { body: { a: 1 } },
      { body, method: 'PUT' },
      { body, url: '/v1/others' },
      { body, url: '/v1/things?page=2' },
      { body: { a: '1', b: 2 } },
      {},
    ])
      expect(fingerprint(other)).not.toEqual(fingerprint({ body }));
  });
});
