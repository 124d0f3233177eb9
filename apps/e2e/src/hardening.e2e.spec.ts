import { connect } from 'node:net';
import { eventually, freePorts } from '@innkeep/testing';
import { InnkeepUnderTest, type Member, signUp } from './system';
import { expectProblem } from './system/expect-problem';
import { page } from './system/system-environment';

describe('what stands between the API and the world', () => {
  let operatorPort: number;
  const innkeep = new InnkeepUnderTest({
    environment: async () => {
      [operatorPort] = (await freePorts(1)) as [number];
      return {
        CORS_ORIGINS: `${page}, https://desk.innkeep.example`,
        OPERATOR_PORT: String(operatorPort),
        TRUSTED_PROXIES: '127.0.0.1',
        RATE_LIMIT_ADDRESS: '3',
      };
    },
  });
  let owner: Member;
  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
  });

  const secure = {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': expect.stringContaining('max-age='),
  };
  const asked = (origin: string, path = '/v1/finance/expenses', method = 'OPTIONS') =>
    fetch(innkeep.url + path, {
      method,
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });

  it('tells browsers that answers are data: read, kept, refused, missing', async () => {
    const { id } = await owner.addProperty();
    const report = `/v1/reports/monthly-report?propertyId=${id}&year=2026&month=3`;
    const read = await owner.get(report);
    const kept = await eventually(async () => {
      const answer = await owner.get(report);
      expect(answer.headers.get('cache-status')).toContain('hit');
      return answer;
    });
    const answers = [read, kept, await owner.get('/v1/nothing'), await innkeep.anybody.get('/v1/properties')];
    for (const answer of answers) expect(Object.fromEntries(answer.headers)).toMatchObject(secure);
  });

  describe('pages of other origins', () => {
    it('listed: may ask, read answers, problems and what is kept', async () => {
      const preflight = await asked(page);
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, page]);
      expect(preflight.headers.get('access-control-max-age')).toBe('7200');
      expect(preflight.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
      for (const path of ['/v1/properties', '/v1/properties', '/v1/nothing', '/v1/properties?limit=x']) {
        const answer = await owner.get(path, { origin: page });
        expect(answer.headers.get('access-control-allow-origin')).toBe(page);
        expect(answer.headers.get('access-control-expose-headers')).toContain('Innkeep-Position');
        expect(answer.headers.get('vary')).toContain('Origin');
      }
      const refused = await innkeep.anybody.get('/v1/properties', { origin: page });
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, page]);
    });

    it.each([
      ['null', 'null'],
      ['another scheme', 'http://app.innkeep.example'],
      ['another port', 'https://app.innkeep.example:8443'],
      ['a name that begins like it', 'https://app.innkeep.example.evil.example'],
      ['a name that ends like it', 'https://evil-app.innkeep.example'],
      ['capitals', 'https://APP.innkeep.example'],
      ['a wildcard', '*'],
    ])('%s: may not', async (_what, origin) => {
      expect((await asked(origin)).headers.get('access-control-allow-origin')).toBeNull();
      const answer = await owner.get('/v1/properties', { origin });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    });
  });

  describe('what is for operators', () => {
    const atOperators = (path: string, headers?: Record<string, string>) =>
      fetch(`http://127.0.0.1:${operatorPort}${path}`, { headers });

    it.each(['/metrics', '/docs', '/openapi.json', '/admin/queues', '/v1/system/projections', '/%6detrics', '/docs/'])(
      '%s: is not there for the public',
      async (path) => {
        expectProblem(path, await innkeep.anybody.get(path), 404, 'not-found');
        expectProblem(path, await owner.get(path), 404, 'not-found');
      },
    );

    it('not even to be asked for methods', async () => {
      expectProblem('DELETE /metrics', await owner.send('DELETE', '/metrics', {}), 404, 'not-found');
      expectProblem('GET login', await owner.get('/v1/system/auth/login'), 404, 'not-found');
    });

    it('is there on their own listener', async () => {
      expect(await (await atOperators('/metrics')).text()).toContain('http_request_duration_seconds');
      expect((await atOperators('/openapi.json')).status).toBe(200);
      const docs = await atOperators('/docs');
      expect([docs.status, docs.headers.get('content-security-policy')]).toEqual([
        200,
        expect.stringContaining("frame-ancestors 'none'"),
      ]);
      expect((await atOperators('/admin/queues')).status).toBe(401);
      expect((await atOperators('/v1/system/projections')).status).toBe(401);
      expect((await atOperators('/health/ready')).status).toBe(200);
    });
  });

  it('counts clients behind the proxy each by their own address, and believes only the last hop', async () => {
    const tries = async (forwarded: string, times: number) => {
      const statuses: number[] = [];
      for (let index = 0; index < times; index++) {
        const body = { email: 'nobody@innkeep.example', password: 'is not the password' };
        statuses.push((await innkeep.anybody.post('/v1/auth/login', body, { 'x-forwarded-for': forwarded })).status);
      }
      return statuses;
    };
    expect(await tries('203.0.113.1', 4)).toEqual([401, 401, 401, 429]);
    // What a client puts in front of the address that the proxy adds changes nothing.
    expect(await tries('198.51.100.9, 203.0.113.1', 1)).toEqual([429]);
    expect(await tries('2001:db8::1', 2)).toEqual([401, 401]);
    expect(await tries('2001:db8::ffff:2', 2)).toEqual([401, 429]);
    expect(await tries('203.0.113.2', 1)).toEqual([401]);
  });

  it('closes on clients that do not finish what they begin', async () => {
    const { hostname, port } = new URL(innkeep.url);
    const slow = (bytes: string) =>
      new Promise<string>((resolve, reject) => {
        let said = '';
        const socket = connect(Number(port), hostname, () => socket.write(bytes));
        socket.on('data', (chunk) => (said += chunk.toString())).on('error', reject);
        socket.on('close', () => resolve(said));
      });
    const answer = await slow('GET /v1/properties HTTP/1.1\r\nHost: x\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"request-timeout"');
  });
});
