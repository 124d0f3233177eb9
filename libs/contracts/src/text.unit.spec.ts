import { label, prose } from './text';

const isLabel = (given: string) => label(20).safeParse(given).success;
const isProse = (given: string) => prose(20).safeParse(given).success;

describe('text', () => {
  it.each([
    ['letters of any script', 'Žofín 漢字 עברית', true, true],
    ['a family of emoji', '👨‍👩‍👧', true, true],
    ['a joiner inside a Persian word', 'می‌خواهم', true, true],
    ['twenty characters beyond the basic plane', '😀'.repeat(20), true, true],
    ['one more', '😀'.repeat(21), false, false],
    ['nothing', '', false, false],
    ['white space', ' \t\n ', false, false],
    ['two lines', 'one\ntwo', false, true],
    ['an override of direction', 'invoice\u202efdp.exe', false, true],
    ['an isolate', 'a\u2066b\u2069', false, true],
    ['a space without width', 'pay\u200bpal', false, true],
    ['a byte order mark inside', 'a\ufeffb', false, true],
    ['an escape sequence of terminals', 'a\u001b[31mb', false, false],
    ['delete', 'a\u007fb', false, false],
    ['a next-line control', 'a\u0085b', false, false],
    ['ten thousand combining marks', `e${'\u0301'.repeat(10_000)}`, false, false],
  ])('%s: as a label, as prose', (_what, given, asLabel, asProse) => {
    expect([isLabel(given), isProse(given)]).toEqual([asLabel, asProse]);
  });

  it('is kept composed and without space around it', () => {
    expect(label(20).parse(' Cafe\u0301 ')).toBe('Café');
    expect(prose(20).parse('\nA\u030angstro\u0308m ')).toBe('Ångström');
  });

  it('is counted after it was composed', () => {
    expect(isLabel('e\u0301'.repeat(20))).toBe(true);
  });
});
