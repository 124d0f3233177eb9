import type { FastifyRequest } from 'fastify';
import { matches } from './validators';
import { ifMatchVersion } from './conditional';

describe('If-None-Match', () => {
  it.each([
    ['"5"', '"5"', true],
    ['W/"5"', '"5"', true],
    ['"5"', 'W/"5"', true],
    ['"4", W/"5" , "6"', 'W/"5"', true],
    ['*', '"5"', true],
    [' * ', '"5"', true],
    ['"4"', '"5"', false],
    ['5', '"5"', false],
    ['"55"', '"5"', false],
    ['', '"5"', false],
    [undefined, '"5"', false],
  ])('%s against the validator %s matches: %s', (given, etag, expected) => {
    expect(matches(given, etag)).toBe(expected);
  });
});

describe('If-Match', () => {
  const versionOf = (given?: string) => ifMatchVersion({ headers: { 'if-match': given } } as unknown as FastifyRequest);

  it('names the version that was read', () => {
    expect([versionOf('"42"'), versionOf(' "42" '), versionOf('*'), versionOf(undefined)]).toEqual([
      42,
      42,
      undefined,
      undefined,
    ]);
  });

  it.each(['42', 'W/"42"', '"a"', '"1", "2"', '""', '"-1"', '"9999999999999999"'])('that is %s is refused', (given) => {
    expect(() => versionOf(given)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ status: 400 }) }),
    );
  });
});
