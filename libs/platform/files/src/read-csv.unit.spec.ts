import * as fc from 'fast-check';
import { readCsv } from './read-csv';

const read = (text: string, delimiter?: string) => [...readCsv(text, delimiter)];

describe('reading CSV', () => {
  it('keeps quotes, delimiters and line ends inside of quotes, and says on which line a row begins', () => {
    expect(read('a,b\r\n"x, ""y""","two\nlines"\r\n\r\n=1+1,\r\nlast,')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x, "y"', 'two\nlines'] },
      { line: 5, cells: ['=1+1', ''] },
      { line: 6, cells: ['last', ''] },
    ]);
    expect(read('a;b\rc;"d"', ';')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['c', 'd'] },
    ]);
  });

  it('gives up one line of what is malformed, and reads on', () => {
    expect(read('a"b,c\n1,2\n"x"y,3\n"open,4\n5,6').map(({ line, ...row }) => [line, 'cells' in row])).toEqual([
      [1, false],
      [2, true],
      [3, false],
      [4, false],
      [5, true],
    ]);
  });

  it('reads whatever was written, and ends whatever it is given', () => {
    const rows = fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 4 }), { maxLength: 8 });
    const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), (written, end) => {
        const text = written.map((cells) => cells.map(quoted).join(',') + end).join('');
        expect(read(text).map((row) => 'cells' in row && row.cells)).toEqual(written);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a') }), (text) => {
        const lines = read(text).map(({ line }) => line);
        expect(lines).toEqual([...lines].sort((one, other) => one - other));
      }),
    );
  });
});
