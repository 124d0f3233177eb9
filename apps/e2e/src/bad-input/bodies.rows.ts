import { gzipSync } from 'node:zlib';
import { expectProblem } from '../system/expect-problem';
import type { Place } from './place';
import { type Probe, type Row } from './row';
import { converse } from './wire';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const bulk = '/v1/finance/expenses/bulk';
const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** A body that is refused before anybody looks at what it says. */
const body = (what: string, raw: string | Buffer, status: number, code: string, path?: string): Probe => ({
  what,
  ask: (place) => place.raw(raw, {}, path),
  status,
  code,
});

/** The same sent to every route that takes a body. */
export const everywhere = (raw: string | Buffer, status: number, code: string, type?: string): Probe => ({
  what: 'on every route that takes a body',
  required: `${status} ${code}`,
  check: async (place) => {
    const headers = type === undefined ? undefined : { 'content-type': type };
    const answers = await place.toEveryBody({ raw, headers });
    expect(answers.length).toBeGreaterThan(10);
    for (const answer of answers) expectProblem(answer.request, answer, status, code);
  },
});

const withType = (type: string, headers: Record<string, string> = {}): Probe => ({
  what: type || 'none',
  ask: (place) => place.raw(JSON.stringify(place.valid()), { 'content-type': type, ...headers }),
  status: 415,
  code: 'unsupported-media-type',
});

/** Where the parser stumbled, told in bytes. */
const offset = (raw: string, expected: number): Probe => ({
  what: `the place of the error in ${JSON.stringify(raw)}`,
  required: '400 malformed-json, with the byte',
  check: async (place) => {
    const answer = await place.raw(raw);
    expectProblem(raw, answer, 400, 'malformed-json');
    expect(answer.json()).toMatchObject({ offset: expected });
  },
});

const head = (place: Place, lines: string[]) => place.request(lines, 'POST /v1/finance/expenses HTTP/1.1');

/** Goes on sending chunks until the server has had enough. */
const endless: Probe = {
  what: 'chunks without end',
  required: '413, connection closed',
  check: async (place) => {
    let timer: NodeJS.Timeout | undefined;
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    const { statuses, head: answered } = await converse(place.innkeep.url, (socket) => {
      socket.write(
        head(place, ['Content-Type: application/json', 'Transfer-Encoding: chunked', 'Idempotency-Key: endless']),
      );
      timer = setInterval(() => socket.writable && socket.write(chunk), 5);
    });
    clearInterval(timer);
    expect([statuses, answered]).toEqual([[413], expect.stringContaining('connection: close')]);
  },
};

/** Says another length than it has. */
const lying = (what: string, length: number, statuses: number[]): Probe => ({
  what,
  required: `${statuses[0]}, connection closed`,
  check: async (place) => {
    const sent = head(place, ['Content-Type: application/json', 'Idempotency-Key: lies', `Content-Length: ${length}`]);
    const exchange = await converse(place.innkeep.url, (socket) => socket.end(`${sent}{"a":1}`));
    expect(exchange.statuses).toEqual(statuses);
  },
});

/** B01 to B10: bodies that are refused by their bytes, before anything is built from them. */
export const bodies: readonly Row[] = [
  {
    id: 'B01',
    what: 'a body that is not JSON',
    probes: [
      body('cut off', '{"propertyId":', 400, 'malformed-json'),
      body('not JSON', 'amountCents=5', 400, 'malformed-json'),
      body('with a comment', '{} // fine', 400, 'malformed-json'),
      body('with something behind it', '{}{}', 400, 'malformed-json'),
      body('with a comma too many', '{"amountCents":5,}', 400, 'malformed-json'),
      body('with single quotes', "{'amountCents':5}", 400, 'malformed-json'),
      body('NaN', '{"amountCents":NaN}', 400, 'malformed-json'),
      body('Infinity', '{"amountCents":-Infinity}', 400, 'malformed-json'),
      body('a line break in a string', '{"description":"a\nb"}', 400, 'malformed-json'),
      body('a byte order mark', '\ufeff{}', 400, 'malformed-json'),
      body('UTF-16', Buffer.from('{"a":1}', 'utf16le'), 400, 'malformed-json'),
      body('empty', '', 400, 'invalid-request'),
      body('white space', ' \n', 400, 'invalid-request'),
      offset('{"a":1,}', 7),
      offset('{"é":x}', 6),
      everywhere('{', 400, 'malformed-json'),
    ],
  },
  {
    id: 'B02',
    what: 'a body of another type, character set or encoding',
    probes: [
      ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'],
      ...['text/json', 'application/jsonp', 'nonsense', 'application/json; charset=utf-16', ''],
      ...['application/json; charset=iso-8859-1', 'application/json;charset="windows-1252"'],
    ]
      .map((type) => withType(type))
      .concat([
        withType('application/json', { 'content-encoding': 'br' }),
        {
          what: 'two types',
          required: '415',
          check: async (place) => {
            const types = ['Content-Type: application/json', 'Content-Type: text/plain', 'Content-Length: 2'];
            const { statuses } = await place.send(`${head(place, types)}{}`);
            expect(statuses).toEqual([415]);
          },
        },
        everywhere('x', 415, 'unsupported-media-type', 'text/plain'),
      ]),
  },
  {
    id: 'B03',
    what: 'a body larger than allowed, or than it says',
    probes: [
      body('257 KiB', JSON.stringify({ description: 'x'.repeat(257 * 1024) }), 413, 'payload-too-large'),
      body('more than 1 MiB in bulk', `{"items":["${'x'.repeat(1_100_000)}"]}`, 413, 'payload-too-large', bulk),
      {
        what: 'compressed: a hundred times as large when unpacked',
        ask: (place) => place.raw(gzipSync(' '.repeat(20_000_000)), { 'content-encoding': 'gzip' }),
        status: 415,
        code: 'unsupported-media-type',
      },
      endless,
      lying('shorter than it says', 500, [400]),
      lying('said to be 1 TiB', 2 ** 40, [413]),
      lying('longer than it says', 2, [400]),
    ],
  },
  {
    id: 'B04',
    what: 'JSON nested deeply',
    probes: [
      body('33 levels', nested(33), 400, 'json-too-deep'),
      body('10,000 levels', nested(10_000), 400, 'json-too-deep'),
      body('100,000 levels', nested(100_000), 400, 'json-too-deep'),
      body('500,000 levels, in bulk', nested(500_000), 400, 'json-too-deep', bulk),
      body('objects', '{"a":'.repeat(5_000), 400, 'json-too-deep'),
      body('a million levels', nested(1_000_000), 413, 'payload-too-large', bulk),
      everywhere(nested(40), 400, 'json-too-deep'),
    ],
  },
  {
    id: 'B05',
    what: 'JSON with very many keys or items',
    probes: [
      body('20,001 keys', `{${list(20_001, (index) => `"${index}":0`)}}`, 400, 'too-many-keys'),
      body('90,000 keys in bulk', `{${list(90_000, (index) => `"${index}":0`)}}`, 400, 'too-many-keys', bulk),
      body('keys of many objects', `[${list(21_000, () => '{"a":0}')}]`, 400, 'too-many-keys'),
      body('20,002 items', `[${list(20_002, () => '0')}]`, 400, 'too-many-keys'),
      body('500,000 items in bulk', `{"items":[${list(500_000, () => '0')}]}`, 400, 'too-many-keys', bulk),
      body('a key of 100 KB', `{"${'k'.repeat(100_000)}":0}`, 400, 'too-many-keys'),
      everywhere(`{"${'k'.repeat(300)}":0}`, 400, 'too-many-keys'),
    ],
  },
  {
    id: 'B07',
    what: 'JSON with the same key twice',
    probes: [
      body('an amount', '{"amountCents":1,"amountCents":100000}', 400, 'duplicate-key'),
      body('hidden by an escape', '{"amountCents":1,"\\u0061mountCents":2}', 400, 'duplicate-key'),
      body('inside', '{"items":[{"amountCents":1,"amountCents":2}]}', 400, 'duplicate-key', bulk),
      everywhere('{"a":1,"a":1}', 400, 'duplicate-key'),
    ],
  },
  {
    id: 'B10',
    what: 'bytes that are not UTF-8',
    probes: [
      body('bytes that never occur', latin1('{"description":"\xff\xfe"}'), 400, 'invalid-utf8'),
      body('an overlong form', latin1('{"description":"\xc0\x80"}'), 400, 'invalid-utf8'),
      body('a surrogate as three bytes', latin1('{"description":"\xed\xa0\xbd"}'), 400, 'invalid-utf8'),
      body('cut in the middle', latin1('{"description":"\xe2\x82"}'), 400, 'invalid-utf8'),
      everywhere(latin1('{"a":"\xff"}'), 400, 'invalid-utf8'),
    ],
  },
];

function list(count: number, item: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => item(index)).join(',');
}
