import { DomainError } from '@innkeep/contracts';
import { JSON_BOUNDS, checkJsonBounds } from './json-bounds';

const refusal = (text: string): string => {
  try {
    checkJsonBounds(text);
    return 'accepted';
  } catch (error) {
    return error instanceof DomainError ? error.problem.name : `crashed: ${String(error)}`;
  }
};
const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":1`).join()}}`;

describe('the bounds of a JSON text', () => {
  it.each([
    ['the same key in two objects', '[{"a":1},{"a":2}]'],
    ['the same key on two levels', '{"a":{"a":{"a":1}},"b":1}'],
    ['a value that is also a key', '{"a":"b","b":"a"}'],
    ['a list of the same string', '["a","a","a"]'],
    ['strings of a list inside an object', '{"a":["a","b","a"],"b":2}'],
    ['a key again, inside a string', '{"a":"\\"a\\":1","b":"}{"}'],
    ['a string that ends with a backslash', '{"a":"\\\\","b":"\\\\\\\\"}'],
    ['as many keys as are allowed', keys(JSON_BOUNDS.keys)],
    ['a key as long as is allowed', `{"${'k'.repeat(JSON_BOUNDS.keyLength)}":1}`],
    ['as many items as are allowed', `[${'1,'.repeat(JSON_BOUNDS.items)}1]`],
    ['what is no JSON at all, which the parser refuses', '}}]],,"a":{"'],
  ])('hold %s', (_what, text) => {
    expect(refusal(text)).toBe('accepted');
  });

  it.each([
    ['a key twice', '{"a":1,"a":1}', 'duplicate-key'],
    ['a key twice, far apart', '{"a":1,"b":{"a":1},"c":[{"a":2}],"a":3}', 'duplicate-key'],
    ['a key twice, once in disguise', '{"a":1,"\\u0061":2}', 'duplicate-key'],
    ['the empty key twice', '{"":1,"":2}', 'duplicate-key'],
    ['a key twice in an object of a list', '[{"a":1},{"b":1,"b":2}]', 'duplicate-key'],
    ['one key too many', keys(JSON_BOUNDS.keys + 1), 'too-many-keys'],
    ['a key too long', `{"${'k'.repeat(JSON_BOUNDS.keyLength + 1)}":1}`, 'too-many-keys'],
    ['one item too many', `[${'1,'.repeat(JSON_BOUNDS.items + 1)}1]`, 'too-many-keys'],
    ['items too many in all', `[${`[${'1,'.repeat(JSON_BOUNDS.items / 2)}1],`.repeat(3)}1]`, 'too-many-keys'],
    ['one level too many', '['.repeat(JSON_BOUNDS.depth + 1), 'json-too-deep'],
  ])('do not hold %s', (_what, text, problem) => {
    expect(refusal(text)).toBe(problem);
  });
});
