import { connect } from 'node:net';
import { ApiClient, type SignedIn, password } from '../system';
import { type Place } from './place';
import { type Probe, type Row } from './row';
import { converse } from './wire';

const nobody = { email: 'nobody@innkeep.example', password: 'is not the password' };
const LIMIT = 5;

/** Signs in as nobody, so many times, each time a little different; as often as the limit allows it is a 401, and no more. */
const bypass = (what: string, own: string, vary: (index: number) => Record<string, string>): Probe => ({
  what,
  required: '429 rate-limit-exceeded',
  check: async (place) => {
    const statuses: number[] = [];
    for (let index = 0; index < LIMIT + 3; index++) {
      const headers = { 'x-forwarded-for': own, ...vary(index) };
      statuses.push((await place.anybody.post('/v1/auth/login', nobody, headers)).status);
    }
    expect(statuses.slice(LIMIT + 1)).toEqual([429, 429]);
  },
});

const paths = ['/v1/auth/%6cogin', '/v1/auth/login?', '/v1/auth/login#x'];

const byPath: Probe = {
  what: 'the same route by other spellings',
  required: '429 rate-limit-exceeded, or nothing there',
  check: async (place) => {
    const headers = { 'x-forwarded-for': '203.0.113.40' };
    for (let index = 0; index <= LIMIT; index++) await place.anybody.post('/v1/auth/login', nobody, headers);
    for (const path of paths)
      expect([path, (await place.anybody.post(path, nobody, headers)).status]).toEqual([path, 429]);
    for (const path of ['/V1/auth/login', '//v1/auth/login', '/v1/auth/login/', '/v1/auth/login;a'])
      expect([path, (await place.anybody.post(path, nobody, headers)).status]).toEqual([path, 404]);
  },
};

const pipelined: Probe = {
  what: 'thirty requests in one packet',
  required: '429 rate-limit-exceeded',
  check: async (place) => {
    const body = JSON.stringify(nobody);
    const lines = [
      'POST /v1/auth/login HTTP/1.1',
      'Host: x',
      'Content-Type: application/json',
      'X-Forwarded-For: 203.0.113.41',
    ];
    const one = [...lines, `Content-Length: ${body.length}`, '', body].join('\r\n');
    const last = [...lines, 'Connection: close', `Content-Length: ${body.length}`, '', body].join('\r\n');
    const { statuses } = await place.send(one.repeat(29) + last);
    expect(statuses).toHaveLength(30);
    expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(LIMIT + 1);
  },
};

/** Another token of the same user, and another user of the same organization. */
const tokensOfOne: Probe = {
  what: 'several tokens of one user, several users of one organization',
  required: '429 rate-limit-exceeded',
  check: async (place) => {
    const { email } = place.stranger;
    const logIn = async (from: string) => {
      const headers = { 'x-forwarded-for': from };
      const { accessToken } = (await place.anybody.post('/v1/auth/login', { email, password }, headers)).as<SignedIn>(
        200,
      );
      return new ApiClient(place.innkeep.url, accessToken);
    };
    const clients = [await logIn('203.0.113.42'), await logIn('203.0.113.43')];
    const statuses: number[] = [];
    for (let index = 0; index < 2 * LIMIT; index++)
      statuses.push((await clients[index % 2]!.post('/v1/properties', {})).status);
    expect(statuses.slice(-2)).toEqual([429, 429]);
  },
};

interface Slowness {
  readonly what: string;
  head(place: Place): string;
  readonly drop: string;
}

const asBody = (place: Place, ...lines: string[]) =>
  place.request(
    ['Content-Type: application/json', 'Idempotency-Key: slow', ...lines],
    'POST /v1/finance/expenses HTTP/1.1',
  );

/** Connections that send little by little and never end. */
const slownesses: readonly Slowness[] = [
  { what: 'heads that never end', head: () => 'GET /v1/properties HTTP/1.1\r\nHost: x\r\n', drop: 'X-More: 1\r\n' },
  { what: 'no head at all', head: () => 'G', drop: '' },
  { what: 'bodies that never end', head: (place) => asBody(place, 'Content-Length: 100000'), drop: ' ' },
  { what: 'chunks that never end', head: (place) => asBody(place, 'Transfer-Encoding: chunked'), drop: '1\r\n \r\n' },
];

async function crawl(place: Place, { head, drop }: Slowness): Promise<readonly number[]> {
  let timer: NodeJS.Timeout | undefined;
  const { statuses } = await converse(place.innkeep.url, (socket) => {
    socket.write(head(place));
    timer = setInterval(() => socket.writable && socket.write(drop), 500);
  });
  clearInterval(timer);
  return statuses;
}

/** All of them at once, when the first is asked about: each takes as long as the patience of the server. */
const crawling = new Map<Slowness, Promise<readonly number[]>>();
const crawlAll = (place: Place) => {
  for (const slowness of crawling.size > 0 ? [] : slownesses) crawling.set(slowness, crawl(place, slowness));
};

const slow = (slowness: Slowness): Probe => ({
  what: slowness.what,
  required: '408, connection closed',
  check: async (place) => {
    crawlAll(place);
    expect(await crawling.get(slowness)).toEqual([408]);
  },
});

/** Somebody who asks and never reads: others are answered all the same. */
const deaf: Probe = {
  what: 'who asks and does not read',
  required: 'others are answered',
  check: async (place) => {
    const { hostname, port } = new URL(place.innkeep.url);
    const sockets = Array.from({ length: 20 }, () => connect(Number(port), hostname).on('error', () => undefined));
    try {
      const request = place.request([]).replace('Connection: close\r\n', '');
      for (const socket of sockets) socket.pause().write(request.repeat(200));
      for (let index = 0; index < 5; index++) (await place.owner.get('/v1/properties')).expect(200);
    } finally {
      sockets.forEach((socket) => socket.destroy());
    }
  },
};

/** B70, B72: very many requests, and very slow ones. */
export const floods: readonly Row[] = [
  {
    id: 'B70',
    what: 'ways around the rate limits',
    environment: { RATE_LIMIT_ADDRESS: String(LIMIT), RATE_LIMIT_WRITE_USER: String(LIMIT) },
    probes: [
      bypass('nothing special', '203.0.113.30', () => ({})),
      bypass('other addresses put in front', '203.0.113.31', (index) => ({
        'x-forwarded-for': `198.51.100.${index}, 203.0.113.31`,
      })),
      bypass('other headers that name an address', '203.0.113.32', (index) => ({
        forwarded: `for=198.51.100.${index}`,
        'x-real-ip': `198.51.100.${index}`,
        'x-client-ip': `198.51.100.${index}`,
        'cf-connecting-ip': `198.51.100.${index}`,
      })),
      bypass('addresses of one IPv6 network', '2001:db8:7::1', (index) => ({
        'x-forwarded-for': `2001:db8:7::${index + 1}`,
      })),
      bypass('other keys and agents', '203.0.113.33', (index) => ({
        'idempotency-key': `key-${index}`,
        'user-agent': `agent ${index}`,
        authorization: `Bearer ${index}`,
      })),
      byPath,
      pipelined,
      tokensOfOne,
    ],
  },
  {
    id: 'B72',
    what: 'clients that are slow on purpose',
    probes: [...slownesses.map(slow), deaf],
  },
];
