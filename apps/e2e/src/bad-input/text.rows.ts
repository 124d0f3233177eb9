import { expectProblem } from '../system/expect-problem';
import { allInput } from './api-document';
import { everywhere } from './bodies.rows';
import { type Place } from './place';
import { type Probe, type Row } from './row';

const raw = (what: string, text: string, status: number, code: string): Probe => ({
  what,
  ask: (place) => place.raw(text),
  status,
  code,
});

/** A name of a property: one line that people compare by eye. */
const name = (what: string, text: string): Probe => ({
  what: `a name with ${what}`,
  ask: (place) => place.owner.patch(`/v1/properties/${place.propertyId}`, { name: text }),
  status: 400,
  code: 'invalid-request',
  pointer: '/name',
});
const prose = (what: string, text: string): Probe => ({
  what: `a description with ${what}`,
  ask: (place) => place.expense({ description: text }),
  status: 400,
  code: 'invalid-request',
  pointer: '/description',
});

/** What is allowed comes back as it was given, but composed. */
const kept = (what: string, field: 'description' | 'category', given: string, expected = given): Probe => ({
  what: `${what} in a ${field}`,
  required: 'kept as it is, in NFC',
  check: async (place) => {
    const recorded = (await place.expense({ [field]: given })).as(201);
    expect(recorded[field]).toBe(expected);
  },
});

const query = (text: string, status = 400, code = 'invalid-request'): Probe => ({
  what: `?${text.slice(0, 50)}`,
  ask: (place) => place.owner.get(`/v1/finance/expenses?${text}`),
  status,
  code,
});

const hostile = [
  'a'.repeat(25_000) + '!',
  `${'1'.repeat(25_000)}x`,
  `${'a@'.repeat(12_000)}!`,
  `${' '.repeat(25_000)}x`,
];

/** As many long texts as a body may hold together. */
const TEXTS_AT_ONCE = 8;

/** Long texts that patterns with a weakness take long over, in every member of every body. */
async function fillEveryField(place: Place): Promise<void> {
  const members = allInput(place.document).filter(({ place: where, name: key }) => where.startsWith('body/') && key);
  for (const { operation, path, method } of place.operations.map((one) => ({ ...one, operation: one.name }))) {
    const keys = members.filter((member) => member.operation === operation).map(({ name: key }) => key);
    for (const text of hostile)
      for (let from = 0; from < keys.length; from += TEXTS_AT_ONCE) {
        const named = keys.slice(from, from + TEXTS_AT_ONCE).map((key) => [key, text]);
        // A text that is short once it is trimmed may be all that a body has to hold: one member more makes it wrong.
        const body = Object.fromEntries([...named, ['noSuchMember', text]]);
        const headers = { 'idempotency-key': 'hostile-text' };
        expectProblem(operation, await place.clientFor(path).send(method.toUpperCase(), path, { body, headers }), 400);
      }
  }
}

/**
 * Every text that a client may send has an end: a length, a list of values, or a form that the schema spells out. A body that is no
 * JSON, which has no name, ends where the limit of bodies is.
 */
async function everyTextEnds(place: Place): Promise<void> {
  const endless = allInput(place.document).filter(
    ({ schema, place: where, name: key }) =>
      where !== 'header' &&
      key !== '' &&
      [schema.type].flat().includes('string') &&
      !(schema.maxLength || schema.enum || schema.format || schema.pattern),
  );
  expect(endless.map(({ operation, place: where, name: key }) => `${operation} ${where} ${key}`)).toEqual([]);
}

/** B06, B08 to B12: text that cannot be stored, hides something, or reaches for what it must not. */
export const text: readonly Row[] = [
  {
    id: 'B06',
    what: 'keys that reach for the prototype of objects',
    probes: [
      raw('__proto__', '{"__proto__":{"role":"owner"}}', 400, 'invalid-request'),
      raw('hidden by an escape', '{"a":{"\\u005f_proto__":1}}', 400, 'invalid-request'),
      raw('constructor.prototype', '{"constructor":{"prototype":{}}}', 400, 'invalid-request'),
      raw('inside a list', '{"items":[[{"prototype":{}}]]}', 400, 'invalid-request'),
      ...[
        '__proto__=1',
        '__proto__[role]=owner',
        'constructor[prototype][role]=owner',
        'constructor=1',
        '%5f_proto__=1',
      ],
    ].map((probe) => (typeof probe === 'string' ? query(probe) : probe)),
  },
  {
    id: 'B08',
    what: 'NUL characters',
    probes: [
      raw('in a value', '{"description":"a\\u0000b"}', 400, 'invalid-character'),
      raw('in a key', '{"a\\u0000":1}', 400, 'invalid-character'),
      query('cursor=a%00', 400, 'invalid-character'),
      query('a%00b=1', 400, 'invalid-character'),
      ...['/v1/properties/a%00', '/v1/finance/expenses/%00', '/v1/finance/revenues/a%00b'].map((path): Probe => ({
        what: path,
        ask: (place) => place.owner.get(path),
        status: 400,
        code: 'invalid-character',
      })),
      {
        what: 'in a header',
        required: '400',
        check: async (place) =>
          expect((await place.send(place.request(['X-Request-Id: a\0b']))).statuses).toEqual([400]),
      },
      everywhere('{"a":"\\u0000"}', 400, 'invalid-character'),
    ],
  },
  {
    id: 'B09',
    what: 'half a surrogate pair',
    probes: [
      raw('the first half', '{"description":"\\ud83d"}', 400, 'invalid-character'),
      raw('the second half', '{"description":"\\udd56"}', 400, 'invalid-character'),
      raw('the wrong half first', '{"description":"\\udd56\\ud83d"}', 400, 'invalid-character'),
      raw('in a key', '{"\\ud83d":1}', 400, 'invalid-character'),
      query('cursor=%ed%a0%bd', 400, 'invalid-cursor'),
      everywhere('{"a":"\\ud800"}', 400, 'invalid-character'),
    ],
  },
  {
    id: 'B11',
    what: 'text that is not what it looks like',
    probes: [
      name('writing turned around', 'Casa\u202egnol'),
      name('an isolated direction', '\u2067Casa\u2069'),
      name('something of no width', 'Ca\u200bsa'),
      name('a byte order mark inside', 'Ca\ufeffsa'),
      name('a line break', 'Casa\r\nX-Evil: 1'),
      name('a terminal escape', 'Casa \u001b[31m'),
      name('10,000 combining marks', `a${'\u0301'.repeat(10_000)}`),
      name('201 characters', '\u{1f3e0}'.repeat(201)),
      name('only white space', ' \u2003 '),
      prose('a bell', 'ding \u0007'),
      prose('501 characters', '\u{1f3e0}'.repeat(501)),
      kept('a name of two forms', 'category', 'Cafe\u0301', 'Café'),
      kept('a family of emoji', 'category', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'),
      kept('Persian with a joiner', 'category', 'می\u200cخواهم'),
      kept('Hebrew beside Latin', 'description', 'חדר 12 \u2067עם נוף\u2069 (sea view)'),
      kept('500 emoji', 'description', '\u{1f3e0}'.repeat(500)),
      kept('several lines', 'description', 'one\n\ttwo'),
    ],
  },
  {
    id: 'B12',
    what: 'very long text where a pattern is matched',
    probes: [
      { what: 'in every member of every body', required: '400', check: fillEveryField },
      { what: 'no text without an end in the document', required: 'a length or a form', check: everyTextEnds },
      query(`cursor=${'a'.repeat(10_000)}`),
      query(`from=${'1'.repeat(10_000)}`),
      query(`propertyId=${'9'.repeat(10_000)}`),
      {
        what: 'in a path',
        ask: (place) => place.owner.get(`/v1/properties/${'9'.repeat(10_000)}`),
        status: 404,
        code: 'not-found',
      },
    ],
  },
];
