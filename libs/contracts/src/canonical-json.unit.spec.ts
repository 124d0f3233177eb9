import fc from 'fast-check';
import { canonicalJson } from './canonical-json';

describe('canonical JSON', () => {
  it.each([
    [
      'sorts keys by their code units, at every level',
      { b: 1, a: { d: 1, c: [{ f: 1, e: 2 }] }, é: 0, Z: 0 },
      '{"Z":0,"a":{"c":[{"e":2,"f":1}],"d":1},"b":1,"é":0}',
    ],
    ['keeps the order of lists', [3, 1, 2], '[3,1,2]'],
    ['leaves out what is undefined, and has null for it in a list', { a: undefined, b: [undefined] }, '{"b":[null]}'],
    ['writes numbers as JavaScript does', [1.0, 1e21, -0, 0.1], '[1,1e+21,0,0.1]'],
    ['escapes strings as JSON does', { 'a"': 'line\nbreak' }, '{"a\\"":"line\\nbreak"}'],
    ['writes null', null, 'null'],
  ])('%s', (_what, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('says the same of equal values whatever the order of their keys, and different things of different ones', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reversed(item)]),
      );
    };
    const value = fc.jsonValue({ maxDepth: 3 });
    const same = fc.property(value, (one) => {
      expect(canonicalJson(reversed(one))).toBe(canonicalJson(one));
      expect(JSON.parse(canonicalJson(one))).toEqual(JSON.parse(JSON.stringify(one)));
    });
    fc.assert(same, { numRuns: 200 });
  });
});
