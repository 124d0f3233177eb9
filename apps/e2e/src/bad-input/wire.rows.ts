import { randomnessFor } from '@innkeep/testing';
import type { Place } from './place';
import { type Probe, type Row } from './row';

/** What must not be reached by hiding it behind another request: it is told apart by its status. */
const hidden = 'GET /v1/nowhere-at-all HTTP/1.1\r\nHost: x\r\n\r\n';

/** Lines that say two things about where the body ends, or not clearly. The connection would stay open if all were well. */
const unclear = (what: string, lines: readonly string[], body = '', statuses: readonly number[] = [400]): Probe => ({
  what,
  required: `${statuses[0]}, connection closed, nothing behind it read`,
  check: async (place) => {
    const head = ['POST /v1/auth/login HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...lines, '', ''];
    const exchange = await place.send(head.join('\r\n') + body + hidden);
    expect(exchange.statuses).toEqual(statuses);
    expect(exchange.head).toContain('content-type: application/problem+json');
    expect(exchange.head).toContain('connection: close');
  },
});

/** Bytes that are no request, as they are. */
const bytes = (what: string, sent: (place: Place) => string, status = 400): Probe => ({
  what,
  required: `${status}, connection closed`,
  check: async (place) => {
    const { statuses, head, body } = await place.send(sent(place));
    expect([what, statuses]).toEqual([what, [status]]);
    expect(head).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, code: expect.any(String), requestId: expect.any(String) });
  },
});

const line = (what: string, text: string, status?: number) => bytes(what, (place) => place.request([text]), status);

const codings = [
  'chunked',
  ' chunked',
  'xchunked',
  'chunked, identity',
  'identity, chunked',
  'Chunked',
  '"chunked"',
  'chunked;a',
];
const names = [
  'Transfer-Encoding',
  'transfer-encoding',
  'Transfer-Encoding ',
  ' Transfer-Encoding',
  'Transfer\x0b-Encoding',
];
const lengths = ['0', '5', '+5', '-1', '0x5', '5 5', '5, 5', '5\r\nContent-Length: 6', '', ' 5', '05', '9'.repeat(30)];
const ends = ['\r\n', '\n', '\r', '\r\n '];

/** Heads put together at random from what is unclear by itself: what is behind them is read only where their end is clear. */
async function atRandom(place: Place): Promise<void> {
  const random = randomnessFor('unclear requests');
  const behind = 'GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  // The first is clear, or there might be nothing to tell apart.
  const clear = { name: names[0]!, coding: codings[1]!, length: [] as string[], end: ends[0]!, body: '0\r\n\r\n' };
  const unclear = () => ({
    ...{ name: random.pick(names), coding: random.pick(codings), end: random.pick(ends) },
    length: random.integer(2) ? [`Content-Length: ${random.pick(lengths)}`] : [],
    body: random.pick(['', '0\r\n\r\n', '2\r\n{}\r\n0\r\n\r\n', '{}']),
  });
  const attempts = Array.from({ length: 300 }, async (_, n) => {
    const { name, coding, length, end, body } = n === 0 ? clear : unclear();
    const lines = ['POST /v1/nothing HTTP/1.1', 'Host: x', ...length, `${name}:${coding}`];
    const sent = `${lines.join('\r\n')}${end}\r\n${body}${behind}`;
    const { statuses } = await place.send(sent);
    const isClear = /^transfer-encoding$/i.test(name) && /^ ?chunked$/i.test(coding) && !length[0] && end === '\r\n';
    const told = JSON.stringify({ seed: random.seed, sent, statuses, isClear });
    // 200 is what is behind. What could not be read is the end of the connection.
    expect([told, statuses.includes(200) && !(isClear && /^\d/.test(body))]).toEqual([told, false]);
    const unreadable = statuses.findIndex((status) => status === 400 || status === 408);
    expect([told, unreadable === -1 || unreadable === statuses.length - 1]).toEqual([told, true]);
    expect([told, statuses.length > 0]).toEqual([told, true]);
    return statuses.includes(200);
  });
  expect((await Promise.all(attempts)).filter(Boolean).length).toBeGreaterThan(0);
}

/** B73: bytes on the wire that two servers in a row could read in two ways. */
export const wire: readonly Row[] = [
  {
    id: 'B73',
    what: 'requests that two servers would read differently',
    probes: [
      unclear('a length and chunks', ['Content-Length: 6', 'Transfer-Encoding: chunked'], '0\r\n\r\nX'),
      unclear('chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 4'], '5c\r\n'),
      unclear('two lengths', ['Content-Length: 0', `Content-Length: ${hidden.length}`]),
      unclear('two lengths in one line', [`Content-Length: 0, ${hidden.length}`]),
      unclear('a length with a sign', ['Content-Length: +5'], 'hello'),
      unclear('a negative length', ['Content-Length: -1']),
      unclear('a length in hexadecimal', ['Content-Length: 0x5'], 'hello'),
      unclear('a coding that is none', ['Transfer-Encoding: xchunked'], '0\r\n\r\n'),
      unclear('chunked, and then another', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'),
      unclear('two codings', ['Transfer-Encoding: chunked', 'Transfer-Encoding: x'], '0\r\n\r\n'),
      unclear('a space before the colon', ['Transfer-Encoding : chunked'], '0\r\n\r\n'),
      unclear('a folded line', ['Transfer-Encoding:', ' chunked'], '0\r\n\r\n'),
      unclear('a chunk size that is none', ['Transfer-Encoding: chunked'], 'zz\r\n{}\r\n0\r\n\r\n'),
      unclear('a chunk longer than it says', ['Transfer-Encoding: chunked'], '1\r\n{}}}\r\n0\r\n\r\n'),
      line('a folded header', 'X-Long: a\r\n b'),
      line('a header without a name', ': x'),
      line('a bare carriage return', 'X-Long: a\rX-Evil: 1'),
      line('a header of 20,000 characters', `X-Large: ${'x'.repeat(20_000)}`, 431),
      bytes('only line feeds', (place) => place.request([]).replaceAll('\r\n', '\n')),
      bytes('no HTTP', () => 'hello\r\n\r\n'),
      bytes('HTTP of another time', (place) => place.request([], 'GET /v1/properties HTTP/9.9')),
      bytes('a TLS greeting', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
      bytes('two hosts', (place) => place.request(['Host: y'])),
      bytes('no host', () => 'GET /v1/properties HTTP/1.1\r\nConnection: close\r\n\r\n'),
      bytes(
        'an address of 20,000 characters',
        (place) => place.request([], `GET /?a=${'x'.repeat(20_000)} HTTP/1.1`),
        431,
      ),
      bytes('a body with a GET', (place) => place.request(['Content-Length: 2'], undefined, '{}')),
      { what: '300 unclear heads at random', required: 'no request hidden in another', check: atRandom },
    ],
  },
];
