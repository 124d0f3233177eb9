import { eventually } from '@innkeep/testing';
import type { Page } from '../system';
import { expectProblem } from '../system/expect-problem';
import { type Place } from './place';
import { type Probe, type Row } from './row';

const get = (path: string, status = 400, code: string | undefined = 'invalid-request'): Probe => ({
  what: path.length > 100 ? `${path.slice(0, 60)}... (${path.length} characters)` : path,
  ask: (place) => place.owner.get(path.replace('propertyId=1', `propertyId=${place.propertyId}`)),
  status,
  code,
});
const each = (path: string, queries: readonly string[]) => queries.map((query) => get(path + query));

/** Every route with parameters in its query is asked with one of them twice. */
async function repeatEveryParameter(place: Place): Promise<void> {
  for (const { name, method, path, operation } of place.operations) {
    const query = operation.parameters?.find((parameter) => parameter.in === 'query')?.name;
    if (method !== 'get' || !query) continue;
    const client = place.clientFor(path);
    expectProblem(name, await client.get(`${path}?${query}=1&${query}=2`), 400, 'invalid-request');
    expectProblem(name, await client.get(`${path}?surprise=1`), 400, 'invalid-request');
  }
}

/** Every list refuses a cursor that was changed by a bit, cut, or lengthened. */
async function tamperWithCursors(place: Place): Promise<void> {
  await place.owner.addProperty();
  const list = '/v1/properties?limit=1';
  const cursor = await eventually(async () => {
    const { nextCursor } = (await place.owner.get(list)).as<Page<unknown>>(200);
    expect(nextCursor).toEqual(expect.any(String));
    return nextCursor!;
  });
  const bytes = Buffer.from(cursor, 'base64url');
  const flipped = Array.from(bytes, (byte, index) => {
    const other = Buffer.from(bytes);
    other[index] = byte ^ (1 << (index % 8));
    return other.toString('base64url');
  });
  const others = [cursor.slice(0, -1), `${cursor}A`, cursor.toUpperCase(), `${cursor}=`, 'e30', 'null', '..'];
  for (const wrong of [...flipped, ...others])
    expectProblem(wrong, await place.owner.get(`${list}&cursor=${wrong}`), 400, 'invalid-cursor');
  expectProblem('a stranger', await place.stranger.get(`${list}&cursor=${cursor}`), 400, 'invalid-cursor');
  expectProblem('another list', await place.owner.get(`/v1/users?cursor=${cursor}`), 400, 'invalid-cursor');
  (await place.owner.get(`${list}&cursor=${cursor}`)).expect(200);
}

const lists = ['/v1/finance/expenses', '/v1/properties', '/v1/users', '/v1/finance/pending-approvals'];

/** What an answer has to If-None-Match, from a route or from memory. */
const condition = (what: string, value: (etag: string) => string, status: 200 | 304): Probe => ({
  what,
  required: String(status),
  check: async (place) => {
    const report = `/v1/reports/monthly-report?propertyId=${place.propertyId}&year=2026&month=3`;
    const first = (await place.owner.get(report)).expect(200);
    const kept = await eventually(async () => {
      const answer = await place.owner.get(report);
      expect(answer.headers.get('cache-status')).toContain('hit');
      return answer;
    });
    for (const { etag } of [first, kept]) {
      const answer = await place.owner.get(report, { 'if-none-match': value(etag) });
      expect([answer.status, answer.bytes.length === 0]).toEqual([status, status === 304]);
      expect(answer.headers.get('vary')).toMatch(/accept-encoding.*authorization/i);
    }
  },
});

/** B74, B76, B82, B83: queries and conditions. */
export const queries: readonly Row[] = [
  {
    id: 'B74',
    what: 'parameters that come twice, as lists, or that nobody knows',
    probes: [
      ...each('/v1/finance/expenses?', [
        'propertyId=1&propertyId=2',
        'propertyId[]=1&propertyId[]=2',
        'propertyId[0]=1',
        'propertyId[gt]=1',
        'limit=1&limit=1',
        'surprise=1',
        'PROPERTYID=1',
        'propertyId=abc',
        'propertyId=0',
        'propertyId=-1',
        'propertyId=1.5',
        'propertyId=1e3',
        'propertyId=0x10',
        'propertyId=%201',
        'propertyId=%2B1',
        'propertyId=01',
        'propertyId=9223372036854775808',
        'propertyId=',
        'status=done',
        'status=',
        'a=1&'.repeat(3_500),
      ]),
      ...each('/v1/properties?', ['propertyId=1', 'limit=1&limit=2']),
      ...each('/v1/users?', ['surprise=1']),
      ...each('/v1/finance/summary?', ['', 'propertyId=x', 'propertyId=1&propertyId=2']),
      ...each('/v1/reports/daily-report?', ['', 'date=2026-03-10', 'propertyId=1&date=2026-03-10&date=2026-03-11']),
      ...each('/v1/analytics/overview?', ['', 'from=2026-03-01', 'from=2026-03-01&to=2026-03-31&compare=everything']),
      get('/v1/analytics/overview?from=2026-01-01&to=2027-01-02', 422, 'range-too-long'),
      ...each('/v1/reports/monthly-report?', ['propertyId=1&year=2026', 'propertyId=-1&year=2026&month=1']),
      ...each('/v1/reports/date-transactions?', ['propertyId=1', 'propertyId=1&date=2026-03-10&limit=1000']),
      { what: 'on every route with a query', required: '400 invalid-request', check: repeatEveryParameter },
    ],
  },
  {
    id: 'B76',
    what: 'conditions that are junk, long or weak',
    probes: [
      condition('the tag itself', (etag) => etag, 304),
      condition('as a strong one', (etag) => etag.replace('W/', ''), 304),
      condition('behind others', (etag) => `"other", W/"another", ${etag}`, 304),
      condition('anything', () => '*', 304),
      condition('another one', () => 'W/"abc"', 200),
      condition('half of it', (etag) => etag.slice(0, -2), 200),
      condition('without quotes', (etag) => etag.replaceAll('"', ''), 200),
      condition('junk', () => '"", ,,, W/, "a\\"b", \'x\', <>', 200),
      condition('a list of 2,000', () => Array.from({ length: 2_000 }, (_, index) => `"${index}"`).join(','), 200),
      {
        what: 'no tag on what is refused',
        required: '404 without ETag',
        check: async (place) => {
          const answer = await place.owner.get('/v1/properties/999999999', { 'if-none-match': '*' });
          expect([answer.status, answer.headers.get('etag')]).toEqual([404, null]);
        },
      },
    ],
  },
  {
    id: 'B82',
    what: 'cursors that were changed, or come from another list',
    probes: [
      { what: 'every bit of one', required: '400 invalid-cursor', check: tamperWithCursors },
      get('/v1/finance/expenses?cursor=abc', 400, 'invalid-cursor'),
      get('/v1/users?cursor=e30', 400, 'invalid-cursor'),
      get('/v1/finance/expenses?cursor=%F0%9F', 400, 'invalid-cursor'),
      get('/v1/finance/expenses?cursor='),
      get(`/v1/finance/expenses?cursor=${'a'.repeat(501)}`),
      get('/v1/reports/date-transactions?propertyId=1&date=2026-03-10&cursor=x', 400, 'invalid-cursor'),
    ],
  },
  {
    id: 'B83',
    what: 'fields and expansions that nobody knows',
    probes: lists
      .flatMap((path) =>
        ['fields=passwordHash', 'fields=__proto__', 'fields=id,id', `fields=${'a.'.repeat(500)}`]
          .map((query) => get(`${path}?${query}`, 400, 'unknown-field'))
          .concat(get(`${path}?expand=everything`)),
      )
      .concat([get('/v1/reports/daily-report?propertyId=1&date=2026-03-10&expand=everything')]),
  },
  {
    id: 'B24',
    what: 'addresses that lead nowhere',
    probes: [
      ...['/', '/v1', '/v1/nothing', '/v2/properties', '/v1/properties/1/2', '//v1/properties', '/v1/properties/'],
      ...[
        '/admin',
        '/.env',
        '/.git/config',
        '/v1/../metrics/x',
        '/V1/properties',
        '/v1/properties;x=1',
        '/v1%2Fproperties',
      ],
      ...['/v1/finance/../properties', '/%2e%2e/%2e%2e/etc/passwd', '/problems/..%2f..%2fpackage.json', '/problems/x'],
    ].map((path): Probe => {
      const leads = path === '/v1/finance/../properties';
      return leads ? { ...get(path, 200, undefined), code: undefined } : get(path, 404, 'not-found');
    }),
  },
];
