import { page } from '../system/system-environment';
import { missing } from './place';
import { type Probe, type Row } from './row';
import { expectProblem } from '../system/expect-problem';

/** A request id is followed where it is one, and made anew where it is not. */
const requestId = (given: string, isFollowed = false): Probe => ({
  what: `a request id ${JSON.stringify(given.slice(0, 40))}`,
  required: isFollowed ? 'followed' : 'a new one instead',
  check: async (place) => {
    const { statuses, head } = await place.send(place.request([`X-Request-Id: ${given}`]));
    expect(statuses).toEqual([200]);
    expect(head).not.toContain('x-evil');
    expect(head.includes(`x-request-id: ${given.toLowerCase()}\r\n`)).toBe(isFollowed);
    expect(head).toMatch(/x-request-id: [a-z0-9_-]{8,64}\r\n/);
  },
});

const header = (name: string, value: string, status: number, code: string, path = '/v1/properties'): Probe => ({
  what: `${name}: ${value.slice(0, 40)}`,
  ask: (place) => place.owner.get(path, { [name]: value }),
  status,
  code,
});
const condition = (value: string): Probe => ({
  what: `if-match: ${value.slice(0, 40)}`,
  ask: (place) => place.owner.patch(`/v1/properties/${place.propertyId}`, { name: 'x' }, { 'if-match': value }),
  status: 400,
  code: 'invalid-request',
});

const method = (name: string, path: string, allow: string): Probe => ({
  what: `${name} ${path}`,
  required: '405 method-not-allowed, with Allow',
  check: async (place) => {
    const answer = await place.owner.send(name, path.replace('{id}', String(place.propertyId)), {});
    if (name === 'HEAD') answer.expect(405);
    else expectProblem(name, answer, 405, 'method-not-allowed');
    expect(answer.headers.get('allow')).toBe(allow);
  },
});
/** What `fetch` would not send. */
const rawMethod = (name: string, status: number): Probe => ({
  what: name,
  required: String(status),
  check: async (place) => {
    const { statuses, head } = await place.send(place.request([], `${name} /v1/properties HTTP/1.1`));
    expect(statuses).toEqual([status]);
    if (status === 405) expect(head).toContain('allow: get, head, post');
  },
});

/** A page of another origin: nothing is allowed to it, neither asked in advance nor told in an answer. */
const origin = (what: string, value: string): Probe => ({
  what,
  required: 'nothing allowed',
  check: async (place) => {
    const asked = { origin: value, 'access-control-request-method': 'POST' };
    const preflight = await place.anybody.send('OPTIONS', '/v1/finance/expenses', { headers: asked });
    const answers = [preflight, await place.owner.get('/v1/properties', { origin: value })];
    for (const { headers } of answers)
      expect([...headers.keys()].filter((key) => key.startsWith('access-control-allow'))).toEqual([]);
  },
});

/** B40, B45, B75, B97: what comes in headers, by methods, from pages. */
export const headers: readonly Row[] = [
  {
    id: 'B40',
    what: 'line breaks in what reaches a header',
    probes: [
      requestId('followed-1', true),
      requestId('followed-1%0d%0aX-Evil:%201'),
      requestId('short'),
      requestId('x'.repeat(65)),
      requestId('with space'),
      requestId('\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9'),
      ...['Idempotency-Key: a\rX-Evil: 1', 'X-Request-Id: a\rX-Evil: 1', 'X-Request-Id: a\nX-Evil 1'].map(
        (line): Probe => ({
          what: JSON.stringify(line),
          required: '400',
          check: async (place) => {
            const { statuses, head } = await place.send(place.request([line]));
            expect([statuses, head.includes('x-evil')]).toEqual([[400], false]);
          },
        }),
      ),
      ...['/v1/properties%0d%0aX-Evil:%201', '/problems/x%0d%0aX-Evil:%201', '/docs%0d%0aX-Evil:%201'].map(
        (path): Probe => ({
          what: path,
          required: '404, no header of its own',
          check: async (place) => {
            const { statuses, head } = await place.send(place.request([], `GET ${path} HTTP/1.1`));
            expect([statuses, head.includes('x-evil')]).toEqual([[404], false]);
          },
        }),
      ),
    ],
  },
  {
    id: 'B45',
    what: 'headers of ours that do not say what they should',
    probes: [
      ...['', 'abc', '-1', '1.5', '1e3', '9'.repeat(16), '1, 2'].map((position) =>
        header('innkeep-min-position', position, 400, 'invalid-request'),
      ),
      ...['', '5', 'W/"5"', '"abc"', '"1", "2"', `"${'9'.repeat(20)}"`].map(condition),
      {
        what: 'if-match of a version that is gone',
        ask: (place) =>
          place.owner.patch(`/v1/properties/${place.propertyId}`, { name: 'x' }, { 'if-match': '"999999999"' }),
        status: 412,
        code: 'precondition-failed',
      },
    ],
  },
  {
    id: 'B75',
    what: 'methods that a route does not have',
    probes: [
      ...['PUT', 'DELETE', 'PATCH'].map((name) => method(name, '/v1/properties', 'GET, HEAD, POST')),
      method('POST', '/v1/properties/{id}', 'GET, HEAD, PATCH'),
      method('GET', '/v1/auth/login', 'POST'),
      method('HEAD', '/v1/auth/login', 'POST'),
      method('PUT', '/v1/auth/signup', 'POST'),
      method('POST', `/v1/finance/expenses/${missing}/approval`, 'PUT'),
      ...(['TRACE', 'MKCOL', 'PROPFIND', 'PURGE'] as const).map((name) => rawMethod(name, 405)),
      ...['get', 'GeT', 'BREW', 'GET\t', 'G\0T'].map((name) => rawMethod(name, 400)),
      {
        what: 'HEAD of what can be read',
        required: '200, no body',
        check: async (place) => {
          const { statuses, body } = await place.send(place.request([], 'HEAD /v1/properties HTTP/1.1'));
          expect([statuses, body]).toEqual([[200], '']);
        },
      },
      {
        what: 'another one in a header or the query',
        required: 'read as what it is',
        check: async (place) => {
          (await place.owner.get(`/v1/properties/${place.propertyId}`, { 'x-http-method-override': 'PATCH' })).expect(
            200,
          );
          const query = `/v1/properties/${place.propertyId}?_method=DELETE`;
          expect((await place.owner.get(query)).status).toBeLessThan(500);
          (await place.owner.get(`/v1/properties/${place.propertyId}`)).expect(200);
        },
      },
    ],
  },
  {
    id: 'B97',
    what: 'pages of origins that may not call',
    probes: [
      origin('null', 'null'),
      origin('a wildcard', '*'),
      origin('without encryption', page.replace('https', 'http')),
      origin('another port', `${page}:8443`),
      origin('a name that begins like it', `${page}.evil.example`),
      origin('a name that ends like it', page.replace('app.', 'evil-app.')),
      origin('a name below it', page.replace('app.', 'a.app.')),
      origin('capitals', page.replace('app.', 'APP.')),
      origin('a dot behind it', `${page}.`),
      {
        what: 'the one that may',
        required: 'allowed by name, without credentials',
        check: async (place) => {
          const { headers: told } = await place.owner.get('/v1/properties', { origin: page });
          expect(told.get('access-control-allow-origin')).toBe(page);
          expect(told.get('access-control-allow-credentials')).toBeNull();
          expect(told.get('vary')).toContain('Origin');
        },
      },
    ],
  },
];
