import { parse } from 'csv-parse/sync';
import { csvOf } from './csv-report';
import { printed } from './printed-report';
import { decimalOf } from './report-content';

const columns = [
  { name: 'what', title: 'What', kind: 'text' },
  { name: 'amountCents', title: 'Amount', kind: 'amount' },
  { name: 'id', title: 'Id', kind: 'text' },
] as const;

async function* once<Item>(item: Item) {
  yield item;
}

describe('an amount in a file', () => {
  it('has the digits of its currency', () => {
    expect(decimalOf(123_450, 'EUR')).toBe('1234.50');
    expect(decimalOf(-5, 'EUR')).toBe('-0.05');
    expect(decimalOf(1_234, 'JPY')).toBe('1234');
    expect(decimalOf(-1_234_567, 'KWD')).toBe('-1234.567');
    expect(decimalOf(0, 'USD')).toBe('0.00');
  });

  it('is parted by thousands on paper', () => {
    const head = { title: 'T', propertyName: 'P', from: '2026-03-01', to: '2026-03-31', position: 1, asOf: '' };
    const row = (amountCents: number, currency: string) => ({ what: 'x', amountCents, currency, id: '1' });
    const rows = [row(123_456_789, 'EUR'), row(-99_900, 'EUR'), row(1_000, 'JPY'), row(100_000, 'EUR')];
    const report = printed({ head, columns, rows, totals: [{ currency: 'EUR', amountCents: 1 }] });
    expect(report.rows).toEqual([
      ['x', '1,234,567.89'],
      ['x', '−999.00'],
      ['x', '1,000'],
      ['x', '1,000.00'],
    ]);
    expect(report.totals).toEqual([['Total', '0.01']]);
  });

  it('of days has halves, in no currency, and a rate is in hundredths', () => {
    const head = { title: 'T', propertyName: 'P', from: '2026-03-01', to: '2026-03-31', position: 1, asOf: '' };
    const columnsOf = [
      { name: 'days', title: 'Days', kind: 'days' },
      { name: 'rate', title: 'Rate', kind: 'rate' },
    ] as const;
    const rows = [
      { days: 2.5, rate: 0.6667 },
      { days: 1, rate: null },
    ];
    expect(printed({ head, columns: columnsOf, rows, totals: [] })).toMatchObject({
      columns: [{ isRight: true }, { isRight: true }],
      rows: [
        ['2.5', '66.7 %'],
        ['1.0', ''],
      ],
    });
  });

  it('is a number in CSV, also below zero, and no text is run as a formula', async () => {
    let text = '';
    for await (const chunk of csvOf(columns, once([{ what: '=1+1', amountCents: -150, currency: 'EUR', id: '-x' }])))
      text += chunk.toString();
    expect(parse(text, { bom: true })).toEqual([
      ['what', 'amount', 'id'],
      [`'=1+1`, '-1.50', `'-x`],
    ]);
  });
});
