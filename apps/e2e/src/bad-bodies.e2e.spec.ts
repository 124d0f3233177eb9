import { InnkeepUnderTest, type Member, type Sending, newKey, signUp } from './system';
import { expectProblem } from './system/expect-problem';

interface Document {
  readonly paths: Record<
    string,
    Record<string, { requestBody?: unknown; security?: unknown[]; parameters?: { name: string; in: string }[] }>
  >;
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const missing = '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11';

describe('a body that cannot be understood', () => {
  const innkeep = new InnkeepUnderTest();
  let owner: Member;
  let propertyId: number;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    propertyId = (await owner.addProperty()).id;
  });

  describe('is', () => {
    const send = (raw: string | Buffer, headers?: Record<string, string>) =>
      owner.send('POST', '/v1/finance/expenses', { raw, headers: { ...newKey(), ...headers } });
    const valid = () => ({ propertyId, amountCents: 100, description: 'Fine but for one thing' });

    it.each<[string, string | Buffer, number, string]>([
      ['cut off', '{"propertyId":', 400, 'malformed-json'],
      ['not JSON', 'amountCents=5', 400, 'malformed-json'],
      ['JSON with a comment', '{} // fine', 400, 'malformed-json'],
      ['NaN', '{"amountCents":NaN}', 400, 'malformed-json'],
      ['with a byte order mark', '\ufeff{}', 400, 'malformed-json'],
      ['invalid UTF-8', Buffer.from('{"description":"\xff\xfe"}', 'latin1'), 400, 'invalid-utf8'],
      ['overlong UTF-8', Buffer.from('{"description":"\xc0\x80"}', 'latin1'), 400, 'invalid-utf8'],
      ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 400, 'malformed-json'],
      ['empty', '', 400, 'invalid-request'],
      ['white space', ' \n', 400, 'invalid-request'],
      ['null', 'null', 400, 'invalid-request'],
      ['a list', '[]', 400, 'invalid-request'],
      ['a string', '"expense"', 400, 'invalid-request'],
      ['a number', '5', 400, 'invalid-request'],
      ['33 levels deep', nested(33), 400, 'json-too-deep'],
      ['100,000 levels deep', nested(100_000), 400, 'json-too-deep'],
      ['with a prototype', '{"__proto__":{"role":"owner"}}', 400, 'invalid-request'],
      ['with a hidden prototype', '{"a":{"\\u005f_proto__":1}}', 400, 'invalid-request'],
      ['with a constructor', '{"constructor":{"prototype":{}}}', 400, 'invalid-request'],
      ['NUL in a value', '{"description":"a\\u0000b"}', 400, 'invalid-character'],
      ['NUL in a name', '{"a\\u0000":1}', 400, 'invalid-character'],
      ['half a surrogate pair', '{"description":"\\ud83d"}', 400, 'invalid-character'],
      ['the wrong half first', '{"description":"\\udd56\\ud83d"}', 400, 'invalid-character'],
      ['too large', JSON.stringify({ description: 'x'.repeat(257 * 1024) }), 413, 'payload-too-large'],
    ])('%s', async (what, raw, status, code) => {
      expectProblem(what, await send(raw), status, code);
    });

    it.each<[string, Record<string, unknown>, number, string]>([
      ['an amount as text', { amountCents: '100' }, 400, '/amountCents'],
      ['half a cent', { amountCents: 0.5 }, 400, '/amountCents'],
      ['nothing', { amountCents: 0 }, 400, '/amountCents'],
      ['less than nothing', { amountCents: -1 }, 400, '/amountCents'],
      ['more than can be summed', { amountCents: 10_000_000_000_001 }, 400, '/amountCents'],
      ['more than can be counted', { amountCents: 1e300 }, 400, '/amountCents'],
      ['an amount as a list', { amountCents: [100] }, 400, '/amountCents'],
      ['no amount', { amountCents: undefined }, 400, '/amountCents'],
      ['null', { description: null }, 400, '/description'],
      ['only white space', { description: ' \t ' }, 400, '/description'],
      ['too many words', { description: 'x'.repeat(501) }, 400, '/description'],
      ['a property as text', { propertyId: '1' }, 400, '/propertyId'],
      ['property 0', { propertyId: 0 }, 400, '/propertyId'],
      ['property -1', { propertyId: -1 }, 400, '/propertyId'],
      ['property 2^63', { propertyId: 2 ** 63 }, 400, '/propertyId'],
      ['a property that nobody has', { propertyId: 999_999_999 }, 422, '/propertyId'],
      ['no date', { occurredAt: 'yesterday' }, 400, '/occurredAt'],
      ['a date without a time', { occurredAt: '2026-03-10' }, 400, '/occurredAt'],
      ['a time without an offset', { occurredAt: '2026-03-10T12:00:00' }, 400, '/occurredAt'],
      ['30 February', { occurredAt: '2026-02-30T12:00:00Z' }, 400, '/occurredAt'],
      ['25 o’clock', { occurredAt: '2026-03-10T25:00:00Z' }, 400, '/occurredAt'],
      ['long ago', { occurredAt: '1999-12-31T12:00:00Z' }, 422, '/occurredAt'],
      ['far ahead', { occurredAt: '9999-12-31T23:59:59Z' }, 422, '/occurredAt'],
      ['a field that nobody knows', { surprise: true }, 400, '/surprise'],
      ['a field that is not the client’s', { status: 'approved' }, 400, '/status'],
      ['a name that is a pointer', { 'a/b~c': 1 }, 400, '/a~1b~0c'],
      ['an external reference too long', { externalReference: 'x'.repeat(201) }, 400, '/externalReference'],
    ])('with %s', async (what, change, status, pointer) => {
      const answer = await send(JSON.stringify({ ...valid(), ...change }));
      expectProblem(what, answer, status);
      expect([...new Set(answer.problem.errors!.map((error) => error.pointer))]).toEqual([pointer]);
    });

    it('of another type', async () => {
      const json = JSON.stringify(valid());
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/xml',
        'nonsense',
        '',
      ])
        expectProblem(type, await send(json, { 'content-type': type }), 415, 'unsupported-media-type');
      expectProblem(
        'said to be compressed',
        await send(Buffer.from([0x1f, 0x8b, 8, 0]), { 'content-encoding': 'gzip' }),
        415,
      );
    });

    it('for the bulk routes', async () => {
      const bulk = (body: unknown) => owner.post('/v1/finance/revenues/bulk', body);
      expectProblem('no items', await bulk({ items: [] }), 400, 'invalid-request');
      expectProblem(
        'too many',
        await bulk({ items: Array.from({ length: 1_001 }, () => ({})) }),
        400,
        'invalid-request',
      );
      expectProblem('too large', await bulk({ items: ['x'.repeat(1_100_000)] }), 413, 'payload-too-large');
      const ids = await owner.post('/v1/finance/approvals/bulk', {
        decision: 'approved',
        transactionIds: ['1', missing],
      });
      expectProblem('no ids', ids, 400, 'invalid-request');
      expectProblem('no decision', await owner.post('/v1/finance/approvals/bulk', { transactionIds: [missing] }), 400);
    });

    it('of a property, a sign-up, an invitation', async () => {
      const property = { name: 'Casa', timeZone: 'Europe/Lisbon', currency: 'EUR' };
      for (const change of [
        { timeZone: 'Europe/Nowhere' },
        { timeZone: '+01:00' },
        { currency: 'eur' },
        { currency: 'XXQ' },
        { businessDayStartsAt: '12:00' },
        { businessDayStartsAt: '4:00' },
        { name: '' },
        { id: 5 },
      ])
        expectProblem(
          JSON.stringify(change),
          await owner.post('/v1/properties', { ...property, ...change }),
          400,
          'invalid-request',
        );
      const person = { organizationName: 'x', name: 'x', email: 'a@b.example', password: 'long enough it is' };
      for (const change of [
        { email: 'nobody' },
        { email: `a@${'b'.repeat(400)}.example` },
        { password: 'short' },
        { password: 'x'.repeat(201) },
        { role: 'owner' },
      ])
        expectProblem(
          JSON.stringify(change),
          await innkeep.anybody.post('/v1/auth/signup', { ...person, ...change }),
          400,
          'invalid-request',
        );
      const invitation = { email: 'c@d.example', role: 'staff', propertyIds: null };
      for (const change of [
        { role: 'operator' },
        { propertyIds: [] },
        { propertyIds: [propertyId, propertyId] },
        { propertyIds: ['1'] },
      ])
        expectProblem(
          JSON.stringify(change),
          await owner.post('/v1/users/invitations', { ...invitation, ...change }),
          400,
          'invalid-request',
        );
      const unknown = await owner.post('/v1/users/invitations', { ...invitation, propertyIds: [999_999_999] });
      expectProblem('a property that nobody has', unknown, 422, 'property-unknown');
      const limited = await owner.post('/v1/users/invitations', {
        ...invitation,
        role: 'owner',
        propertyIds: [propertyId],
      });
      expectProblem('an owner of some', limited, 422, 'owner-sees-all-properties');
    });
  });

  it('is refused by every route that takes a body or a query, and by none with a failure', async () => {
    const { paths } = (await innkeep.anybody.get('/openapi.json')).as<Document>(200);
    const bodies: Sending[] = [
      { raw: '{' },
      { raw: '[]' },
      { raw: 'null' },
      { raw: nested(40) },
      { raw: '{"__proto__":{}}' },
      { raw: Buffer.from('{"a":"\xff"}', 'latin1') },
      { raw: '{"a":"\\u0000"}' },
      { body: { surprise: true } },
      { raw: 'x', headers: { 'content-type': 'text/plain' } },
    ];
    const operator = await innkeep.signInOperator();
    for (const [template, item] of Object.entries(paths)) {
      const caller = template.startsWith('/v1/system/') ? operator : owner;
      for (const [method, { requestBody, parameters = [] }] of Object.entries(item)) {
        const id = template.startsWith('/v1/properties') ? String(propertyId) : missing;
        const path = template.replace(/\{\w+\}/, id);
        for (const sending of requestBody ? bodies : []) {
          const answer = await caller.send(method.toUpperCase(), path, {
            ...sending,
            headers: { ...newKey(), ...sending.headers },
          });
          const told = `${method} ${template} ${String(sending.raw ?? JSON.stringify(sending.body)).slice(0, 40)}`;
          expectProblem(told, answer, sending.headers ? 415 : 400);
        }
        const query = parameters.find((parameter) => parameter.in === 'query')?.name;
        if (query) expectProblem(template, await caller.get(`${path}?${query}=1&${query}=2`), 400, 'invalid-request');
      }
    }
  });

  it('has left no failure behind in the log', () => {
    expect(innkeep.api.lines.filter((line) => /"level":"(error|fatal)"|"status":5\d\d/.test(line))).toEqual([]);
  });
});
