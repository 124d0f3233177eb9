import { bookingColumns, type Booking } from './bookings-columns';
import { ExternalReferences } from './external-reference';

const booking = (cells: Partial<Booking> = {}): Booking => ({
  ...(Object.fromEntries(bookingColumns.map((column) => [column, 'x'])) as Booking),
  ...cells,
});
const referencesOf = (bookings: Booking[], source?: string): string[] => {
  const references = new ExternalReferences(source);
  return bookings.map((each) => references.next(each));
};

describe('external references', () => {
  it('never change, or a later import would record everything again', () => {
    expect(referencesOf([booking()])).toEqual(['booking-65302cae68448b28e2ca6f3f215dac18-1']);
  });

  it('tell identical rows apart', () => {
    const [first, second, other] = referencesOf([booking(), booking(), booking({ adr: '1' })]);
    expect(new Set([first, second, other]).size).toBe(3);
    expect(second).toBe(first?.replace(/-1$/, '-2'));
  });

  it('are the same set in whatever order the rows stand', () => {
    const rows = [booking(), booking({ adr: '1' }), booking(), booking({ adr: '2' }), booking()];
    expect(referencesOf(rows.toReversed()).sort()).toEqual(referencesOf(rows).sort());
  });

  it('do not confuse a value with its neighbour', () => {
    const [one, other] = referencesOf([
      booking({ adults: '11', children: '' }),
      booking({ adults: '1', children: '1' }),
    ]);
    expect(one).not.toBe(other);
  });

  it('keep equal rows of differently named sources apart', () => {
    expect(referencesOf([booking()], 'annex')).not.toEqual(referencesOf([booking()]));
  });
});
