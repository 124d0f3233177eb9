import { printedSeed } from '@innkeep/testing';
import fc from 'fast-check';
import { Cursors } from './cursors';

const cursors = new Cursors('a secret of at least thirty-two bytes');
const position = fc.array(fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })), {
  maxLength: 5,
});
const invalid = expect.objectContaining({ problem: expect.objectContaining({ name: 'invalid-cursor', status: 400 }) });
const refused = (decode: () => unknown) => {
  try {
    decode();
    return false;
  } catch (error) {
    expect(error).toEqual(invalid);
    return true;
  }
};

describe('a cursor', () => {
  const options = { seed: printedSeed('cursors'), numRuns: 200 };

  it('brings back what it was made of', () => {
    fc.assert(
      fc.property(fc.string(), position, (list, at) => {
        expect(cursors.decode(list, cursors.encode(list, at))).toEqual(JSON.parse(JSON.stringify(at)));
      }),
      options,
    );
  });

  it('is refused after any change to any of its characters', () => {
    fc.assert(
      fc.property(position, fc.nat(), fc.constantFrom(...'abcXYZ019-_=. '), (at, where, put) => {
        const cursor = cursors.encode('list', at);
        const index = where % cursor.length;
        fc.pre(cursor[index] !== put);
        expect(refused(() => cursors.decode('list', cursor.slice(0, index) + put + cursor.slice(index + 1)))).toBe(
          true,
        );
      }),
      options,
    );
  });

  it('is refused when it is shortened or made longer', () => {
    const cursor = cursors.encode('list', ['2026-01-01', 7]);
    for (let length = 0; length < cursor.length; length++) {
      expect(refused(() => cursors.decode('list', cursor.slice(0, length)))).toBe(true);
      expect(refused(() => cursors.decode('list', cursor.slice(length)))).toBe(length > 0);
    }
    for (const tail of ['A', 'AA', '=', '\n']) expect(refused(() => cursors.decode('list', cursor + tail))).toBe(true);
  });

  it('is refused by every list but its own', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), position, (list, other, at) => {
        fc.pre(list !== other);
        expect(refused(() => cursors.decode(other, cursors.encode(list, at)))).toBe(true);
      }),
      options,
    );
  });

  it('is refused by a server with another secret', () => {
    const cursor = new Cursors('another secret').encode('list', [1]);
    expect(refused(() => cursors.decode('list', cursor))).toBe(true);
  });

  it.each(['', 'x', '💥', '../../etc/passwd', 'A'.repeat(22), 'A'.repeat(10_000), 'null', '%00'])(
    'is not %j',
    (text) => {
      expect(refused(() => cursors.decode('list', text))).toBe(true);
    },
  );
});
