import fc from 'fast-check';
import { looksLikeApiKey, newApiKey, readApiKey } from './api-key';

describe('an API key', () => {
  it('is recognized by what it begins with, and found by its hash', () => {
    const { key, hash, hint } = newApiKey();
    expect(key).toMatch(/^ink_[0-9A-Za-z]{42}$/);
    expect(looksLikeApiKey(key)).toBe(true);
    expect(readApiKey(key)).toEqual(hash);
    expect(hint).toBe(key.slice(0, 8));
  });

  it('is never the same twice', () => {
    expect(newApiKey().key).not.toBe(newApiKey().key);
  });

  it('is known to be misspelt, cut or made up without asking anybody', () => {
    const { key } = newApiKey();
    expect(readApiKey(key.slice(0, -1))).toBeUndefined();
    expect(readApiKey(`${key}0`)).toBeUndefined();
    expect(readApiKey(`ink_${'0'.repeat(42)}`)).toBeUndefined();
    fc.assert(
      fc.property(fc.integer({ min: 4, max: key.length - 1 }), fc.constantFrom(...'09azAZ'), (at, letter) => {
        const misspelt = key.slice(0, at) + letter + key.slice(at + 1);
        expect(readApiKey(misspelt) === undefined).toBe(misspelt !== key);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => readApiKey(text) === undefined));
  });
});
