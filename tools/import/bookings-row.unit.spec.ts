import fc from 'fast-check';
import { bookingColumns, type Booking } from './bookings-columns';
import { centsOf, judgeRow } from './bookings-row';

const empty = Object.fromEntries(bookingColumns.map((column) => [column, ''])) as Booking;
const stay = (cells: Partial<Booking> = {}): Booking => ({
  ...empty,
  arrival_date_year: '2024',
  arrival_date_month: 'February',
  arrival_date_day_of_month: '29',
  stays_in_weekend_nights: '1',
  stays_in_week_nights: '2',
  adr: '80.5',
  reservation_status: 'Check-Out',
  ...cells,
});

describe('a row of a bookings file', () => {
  it('is a revenue of rate times nights on the day of arrival', () => {
    expect(judgeRow(stay())).toEqual({
      kind: 'revenue',
      stay: { arrivalOn: '2024-02-29', nights: 3, amountCents: 24150 },
    });
  });

  it.each(['Canceled', 'No-Show'])('is no stay when its status is %s, whatever its other cells say', (status) => {
    expect(judgeRow(stay({ reservation_status: status, adr: 'NULL' }))).toEqual({ kind: 'not-stayed' });
  });

  it('brings no revenue without nights or without a rate', () => {
    expect(judgeRow(stay({ stays_in_weekend_nights: '0', stays_in_week_nights: '0' }))).toEqual({ kind: 'no-revenue' });
    expect(judgeRow(stay({ adr: '0.00' }))).toEqual({ kind: 'no-revenue' });
  });

  it.each<[Partial<Booking>, string]>([
    [{ adr: '-6.38' }, 'is negative'],
    [{ adr: '1.005' }, 'at most two decimals'],
    [{ adr: '1e3' }, 'at most two decimals'],
    [{ adr: '80,50' }, 'at most two decimals'],
    [{ adr: '' }, 'at most two decimals'],
    [{ adr: '999999999999', stays_in_week_nights: '9999' }, 'too large'],
    [{ stays_in_week_nights: '-1' }, 'stays_in_week_nights'],
    [{ stays_in_weekend_nights: 'NULL' }, 'stays_in_weekend_nights'],
    [{ arrival_date_year: '2023' }, 'does not exist'],
    [{ arrival_date_month: 'Februar' }, 'does not exist'],
    [{ arrival_date_day_of_month: '0' }, 'does not exist'],
    [{ reservation_status: '' }, 'reservation_status'],
  ])('is bad with %j', (cells, reason) => {
    expect(judgeRow(stay(cells))).toEqual({ kind: 'bad', reason: expect.stringContaining(reason) });
  });

  it('looks for bad cells before it finds that there is no revenue', () => {
    expect(judgeRow(stay({ adr: '-1', stays_in_weekend_nights: '0', stays_in_week_nights: '0' })).kind).toBe('bad');
  });
});

describe('cents of a decimal', () => {
  it('are exact for every amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (cents) => {
        const digits = String(cents).padStart(3, '0');
        expect(centsOf(`${digits.slice(0, -2)}.${digits.slice(-2)}`)).toBe(cents);
      }),
    );
  });

  it('take one decimal for tens of cents', () => {
    expect(centsOf('1.1')).toBe(110);
    expect(centsOf('75')).toBe(7500);
  });
});
