import { connect } from 'node:net';
import { InnkeepUnderTest, type Member, signUp } from './system';
import { expectProblem } from './system/expect-problem';

const missing = '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11';

describe('what cannot be understood', () => {
  const innkeep = new InnkeepUnderTest();
  let owner: Member;
  let propertyId: number;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    propertyId = (await owner.addProperty()).id;
  });

  describe('in a path', () => {
    const numbers = [
      '0',
      '-1',
      '01',
      '1.0',
      '1e3',
      '0x10',
      '9223372036854775808',
      `${'9'.repeat(16)}`,
      'abc',
      missing,
      '%20',
      '%D9%A1',
      '1%2F2',
      "1'--",
    ];
    const uuids = [
      '1',
      '0',
      '-1',
      'abc',
      `${missing}0`,
      missing.slice(1),
      missing.replace('0', 'g'),
      `{${missing}}`,
      '%20',
      '..%2f',
    ];

    it.each([
      ['/v1/properties/', numbers],
      ['/v1/finance/expenses/', uuids],
      ['/v1/finance/revenues/', uuids],
    ])('below %s: what is no id is not there', async (path, ids) => {
      for (const id of ids) {
        expectProblem(`GET ${id}`, await owner.get(path + id), 404, 'not-found');
        const change = path.includes('finance') ? { amountCents: 1 } : { name: 'x' };
        expectProblem(`PATCH ${id}`, await owner.patch(path + id, change), 404, 'not-found');
      }
      expectProblem('NUL', await owner.get(`${path}a%00`), 400, 'invalid-character');
      expectProblem('not UTF-8', await owner.get(`${path}%ff`), 400);
      expectProblem('half an escape', await owner.get(`${path}%e`), 400);
      expectProblem('very long', await owner.get(path + 'x'.repeat(5_000)), 404);
    });

    it('that leads nowhere', async () => {
      for (const path of [
        '/',
        '/v1',
        '/v1/nothing',
        '/v2/properties',
        '/v1/properties/1/2',
        '//v1/properties',
        '/v1/properties/',
        '/admin',
        '/.env',
        '/v1/../metrics/x',
      ])
        expectProblem(path, await owner.get(path), 404, 'not-found');
      for (const method of ['PUT', 'DELETE', 'PATCH']) {
        const answer = await owner.send(method, '/v1/properties', { body: {} });
        expectProblem(method, answer, 405, 'method-not-allowed');
        expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
      }
    });
  });

  describe('in a query', () => {
    it.each<[string, readonly string[]]>([
      [
        '/v1/finance/expenses?',
        [
          'propertyId=abc',
          'propertyId=0',
          'propertyId=-1',
          'propertyId=1.5',
          'propertyId=1e3',
          'propertyId=0x10',
          'propertyId=%201',
          'propertyId=%2B1',
          'propertyId=01',
          '__proto__=1',
          'constructor[prototype]=1',
          'from=1999-12-31',
          'propertyId=9223372036854775808',
          'propertyId=',
          'propertyId=1&propertyId=2',
          'propertyId[]=1&propertyId[]=2',
          'status=done',
          'from=2026-02-30',
          'from=10/03/2026',
          'to=2026-3-1',
          'to=yesterday',
          'limit=0',
          'limit=201',
          'limit=abc',
          'limit=1.5',
          'cursor=abc',
          'cursor=%F0%9F',
          'cursor=a%00',
          `cursor=${'a'.repeat(501)}`,
          'surprise=1',
          'limit=1&limit=1',
        ],
      ],
      ['/v1/properties?', ['limit=0', 'limit=1e9', 'cursor=..', 'propertyId=1', 'limit=1&limit=2']],
      ['/v1/users?', ['limit=-1', 'cursor=e30', 'surprise=1']],
      ['/v1/finance/summary?', ['', 'propertyId=x', 'propertyId=1&from=2026-13-01', 'propertyId=1&propertyId=2']],
      [
        '/v1/reports/daily-report?',
        [
          '',
          'propertyId=1',
          'date=2026-03-10',
          'propertyId=1&date=2026-02-29',
          'propertyId=1&date=0000-00-00',
          'propertyId=1&date=2026-03-10T00:00:00Z',
          'propertyId=1&date=today',
          "propertyId=1&date=2026-03-10'",
          'propertyId=1&date=2026-03-10&date=2026-03-11',
          'propertyId=1&date=2026-03-10&expand=everything',
        ],
      ],
      [
        '/v1/reports/monthly-report?',
        [
          'propertyId=1&year=2026&month=0',
          'propertyId=1&year=2026&month=13',
          'propertyId=1&year=1999&month=1',
          'propertyId=1&year=99999999999&month=1',
          'propertyId=1&year=x&month=1',
          'propertyId=1&year=2026',
          'propertyId=-1&year=2026&month=1',
        ],
      ],
      [
        '/v1/reports/date-transactions?',
        ['propertyId=1', 'propertyId=1&date=2026-03-10&limit=1000', 'propertyId=1&date=2026-03-10&cursor=x'],
      ],
    ])('of %s', async (path, queries) => {
      for (const query of queries) expectProblem(query, await owner.get(path + query), 400);
    });
  });

  describe('in a header', () => {
    const record = (headers: Record<string, string>) =>
      owner.send('POST', '/v1/finance/expenses', { body: { propertyId, amountCents: 1, description: 'x' }, headers });

    it('an idempotency key', async () => {
      for (const route of ['expenses', 'expenses/bulk', 'revenues', 'revenues/bulk', 'approvals/bulk']) {
        const valid = { propertyId, amountCents: 1, description: 'x' };
        const body = route.startsWith('approvals')
          ? { decision: 'approved', transactionIds: [missing] }
          : route.endsWith('bulk')
            ? { items: [valid] }
            : valid;
        expectProblem(route, await owner.post(`/v1/finance/${route}`, body, {}), 400, 'idempotency-key-required');
      }
      for (const key of [
        '',
        ' ',
        'x'.repeat(256),
        'two words',
        '"unbalanced',
        '""',
        'caf\xe9',
        'tab\there',
        'back\\slash',
        'a", "b',
      ])
        expectProblem(`key ${key}`, await record({ 'idempotency-key': key }), 400, 'idempotency-key-invalid');
      (await record({ 'idempotency-key': 'x'.repeat(255) })).expect(201);
      const quoted = await record({ 'idempotency-key': `"${'x'.repeat(255)}"` });
      expect(quoted.expect(201).headers.get('idempotent-replayed')).toBe('true');
    });

    it('a position, a condition, an authorization', async () => {
      for (const position of ['', 'abc', '-1', '1.5', '1e3', '9'.repeat(16), '1, 2'])
        expectProblem(
          `position ${position}`,
          await owner.get('/v1/properties', { 'innkeep-min-position': position }),
          400,
          'invalid-request',
        );
      for (const condition of ['', '5', 'W/"5"', '"abc"', '"1", "2"', `"${'9'.repeat(20)}"`])
        expectProblem(
          `condition ${condition}`,
          await owner.patch(`/v1/properties/${propertyId}`, { name: 'x' }, { 'if-match': condition }),
          400,
          'invalid-request',
        );
      for (const authorization of ['Bearer \xe9', `Bearer ${'x'.repeat(9_000)}`, 'Bearer a b', 'null'])
        expectProblem(authorization, await owner.get('/v1/properties', { authorization }), 401);
    });
  });

  describe('on the wire', () => {
    /** Sends these very bytes, and answers with the first line and the body of what comes back. */
    function wire(bytes: string): Promise<{ status: number; head: string; body: string }> {
      const { hostname, port } = new URL(innkeep.url);
      return new Promise((resolve, reject) => {
        let said = '';
        const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
        socket.setTimeout(20_000, () => socket.destroy(new Error(`no end: ${said}`)));
        socket.on('data', (chunk) => (said += chunk.toString('latin1'))).on('error', reject);
        socket.on('close', () => {
          const [head = '', ...rest] = said.split('\r\n\r\n');
          resolve({ status: Number(head.split(' ')[1]), head: head.toLowerCase(), body: rest.join('\r\n\r\n') });
        });
      });
    }
    const request = (lines: readonly string[], first = 'GET /v1/properties HTTP/1.1') =>
      [first, 'Host: x', `Authorization: Bearer ${owner.token}`, 'Connection: close', ...lines, '', ''].join('\r\n');

    it.each<[string, () => string, number]>([
      ['a bare carriage return in a header', () => request(['Idempotency-Key: a\rX-Evil: 1']), 400],
      ['NUL in a header', () => request(['Idempotency-Key: a\0b']), 400],
      ['a header without a name', () => request([': x']), 400],
      ['a space before the colon', () => request(['Content-Length : 5']), 400],
      ['a folded header', () => request(['X-Long: a', ' b']), 400],
      ['two lengths', () => request(['Content-Length: 1', 'Content-Length: 2']), 400],
      ['a length and chunks', () => request(['Content-Length: 5', 'Transfer-Encoding: chunked']), 400],
      ['a negative length', () => request(['Content-Length: -1']), 400],
      ['no HTTP', () => 'hello\r\n\r\n', 400],
      ['headers too large', () => request([`X-Large: ${'x'.repeat(20_000)}`]), 431],
      ['an address too long', () => request([], `GET /v1/properties?cursor=${'x'.repeat(20_000)} HTTP/1.1`), 431],
    ])('%s', async (_what, bytes, status) => {
      const answer = await wire(bytes());
      expect(answer.status).toBe(status);
      expect(answer.head).toContain('content-type: application/problem+json');
      expect(JSON.parse(answer.body)).toMatchObject({
        status,
        code: expect.any(String),
        requestId: expect.any(String),
      });
    });

    it('a header that only looks like two', async () => {
      const answer = await wire(request(['X-Request-Id: followed-1%0d%0aX-Evil:%201']));
      expect(answer.status).toBe(200);
      expect(answer.head).not.toContain('x-evil');
      expect(answer.head).not.toContain('followed-1');
    });
  });

  it('has left no failure behind in the log', () => {
    expect(innkeep.api.lines.filter((line) => /"level":"(error|fatal)"|"status":5\d\d/.test(line))).toEqual([]);
  });
});
