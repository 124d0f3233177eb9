import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { csvCell, csvLine } from './csv';

describe('a line of CSV', () => {
  it('keeps texts, numbers and what has parts', () => {
    const cells = ['plain', 'with, comma', 'says "no"', 'two\nlines', -12.5, 0, true, null, undefined, { a: [1] }];
    const [read] = parse(csvLine(cells)) as string[][];
    expect(read).toEqual([
      ...['plain', 'with, comma', 'says "no"', 'two\nlines', '-12.5', '0', 'true', '', '', '{"a":[1]}'],
    ]);
  });

  it('has no cell that a spreadsheet runs', () => {
    for (const text of ['=1+1', '+1', '-1+cmd', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '=HYPERLINK("x","y")'])
      expect((parse(csvLine([text, ''])) as string[][])[0]![0]).toBe(`'${text}`);
    expect(csvCell(-5)).toBe('-5');
  });

  it('reads back as what was written, but for the apostrophe', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 5 }), (texts) => {
        const [read] = parse(csvLine(texts)) as string[][];
        expect(read!.map((cell, index) => (cell === `'${texts[index]}` ? texts[index] : cell))).toEqual(texts);
      }),
    );
  });
});
