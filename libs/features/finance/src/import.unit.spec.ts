import { businessDay } from '@innkeep/contracts';
import { type GivenRows, rowsOfBody, rowsOfFile } from './import';
import { instantOn, readRow, toCents } from './import-row';

const property = { id: 7, name: 'Casa', timeZone: 'Europe/Lisbon', currency: 'EUR', businessDayStartsAt: '05:00' };
const reasons = ({ errors }: GivenRows) => errors.map(({ line, column, reason }) => [line, column, reason]);

describe('a file to import', () => {
  it('is read with a byte order mark, quotes, line breaks in cells, and semicolons', () => {
    const comma = rowsOfFile('\ufeffdate,amount,description\r\n2026-03-10,12.50,"Soap, ""fine""\r\nand dear"\r\n\r\n');
    expect(comma).toMatchObject({
      rows: [{ line: 2, cells: { date: '2026-03-10', amount: '12.50', description: 'Soap, "fine"\r\nand dear' } }],
      errors: [],
    });
    const semicolon = rowsOfFile('description;amountCents;category\nSoap, fine;1250;\n');
    expect(semicolon.rows).toEqual([{ line: 2, cells: { description: 'Soap, fine', amountCents: '1250' } }]);
    expect(semicolon.sha256).not.toBe(comma.sha256);
  });

  it('is refused for its first line', () => {
    expect(reasons(rowsOfFile(''))).toEqual([[1, null, expect.stringMatching(/empty/)]]);
    expect(reasons(rowsOfFile('amount,amountCents,colour,colour\n1,2,3,4')).map(([, column]) => column)).toEqual([
      ...['colour', 'colour', 'description', 'amount'],
    ]);
    expect(reasons(rowsOfFile('description,description,amount\n'))).toEqual([[1, 'description', 'is there twice']]);
  });

  it('says on which line a row is wrong, and reads the others', () => {
    const { rows, errors } = rowsOfFile('description,amount\n"open,1\nSoap\nTowels,2\n');
    expect(errors.map(({ line }) => line)).toEqual([2, 3]);
    expect(rows).toEqual([{ line: 4, cells: { description: 'Towels', amount: '2' } }]);
  });

  it('may be rows as well', () => {
    const given = rowsOfBody({ rows: [{ description: 'Soap', amountCents: 5 }, { colour: 'red' }] });
    expect(given.rows[0]).toEqual({ line: 1, cells: { description: 'Soap', amountCents: '5' } });
    expect(reasons(given)).toEqual([[2, 'colour', 'is no column of an import']]);
  });
});

describe('a row to import', () => {
  const read = (cells: Record<string, string>) => readRow({ line: 4, cells }, property, 'import:x:4');
  const row = { date: '2026-03-10', amount: '12.50', description: 'Towels' };

  it('is what it would be recorded by hand', () => {
    expect(read({ ...row, description: '=HYPERLINK("x")', category: 'Linen' })).toEqual({
      errors: [],
      input: {
        ...{ propertyId: 7, amountCents: 12_50, description: '=HYPERLINK("x")', category: 'Linen' },
        ...{ occurredAt: '2026-03-10T12:00:00.000Z', externalReference: 'import:x:4' },
      },
    });
    expect(read({ ...row, externalReference: 'bill-1' }).input?.externalReference).toBe('bill-1');
  });

  it.each([
    ['amount', { ...row, amount: '12,50' }],
    ['amount', { ...row, amount: '-1' }],
    ['amount', { ...row, amount: '0' }],
    ['amount', { ...row, amount: '1.005' }],
    ['amount', { ...row, amount: '9999999999999' }],
    ['amount', { date: row.date, description: 'x' }],
    ['date', { ...row, date: '2026-02-30' }],
    ['date', { ...row, date: '10.03.2026' }],
    ['date', { ...row, occurredAt: '2026-03-10T12:00:00Z' }],
    ['date', { amount: '1', description: 'x' }],
    ['occurredAt', { amount: '1', description: 'x', occurredAt: 'yesterday' }],
    ['description', { date: row.date, amount: '1' }],
    ['category', { ...row, category: 'c'.repeat(101) }],
  ])('is wrong in its %s: %p', (column, cells) => {
    const { input, errors } = read(cells);
    expect(input).toBeUndefined();
    expect(errors).toMatchObject([{ line: 4, column }]);
  });

  it('has an amount in the decimals of its currency', () => {
    expect([toCents('12', 'JPY'), toCents('12.5', 'JPY'), toCents('1.234', 'KWD'), toCents('0.05', 'EUR')]).toEqual([
      ...[12, undefined, 1_234, 5],
    ]);
  });

  it('lies well inside its business day, wherever the property is', () => {
    for (const timeZone of ['Pacific/Kiritimati', 'Etc/GMT+12', 'Asia/Kolkata', 'America/Sao_Paulo', 'UTC'])
      for (const businessDayStartsAt of ['00:00', '05:00', '11:59'])
        for (const day of ['2026-03-29', '2026-10-25', '2024-02-29']) {
          const instant = instantOn(day, { ...property, timeZone, businessDayStartsAt });
          expect(businessDay(new Date(instant!), timeZone, businessDayStartsAt)).toBe(day);
        }
  });
});
