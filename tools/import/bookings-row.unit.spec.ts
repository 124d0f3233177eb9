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
  const party = { arrivalOn: '2024-02-29', nights: 3, adults: 1, children: 0, country: null };

  it('is a stay that brings rate times nights on the day of arrival', () => {
    expect(judgeRow(stay())).toEqual({ kind: 'stay', stay: { ...party, amountCents: 24150 } });
  });

  it.each(['Canceled', 'No-Show'])('is no stay when its status is %s, whatever its rate says', (status) => {
    const booked = { ...party, reason: status };
    expect(judgeRow(stay({ reservation_status: status, adr: 'NULL' }))).toEqual({ kind: 'not-stayed', booked });
    const cells = { reservation_status: status, arrival_date_month: 'Februar' };
    expect(judgeRow(stay(cells))).toEqual({ kind: 'not-stayed' });
  });

  it('brings nothing without nights or without a rate', () => {
    const brings = (cells: Partial<Booking>) => judgeRow(stay(cells));
    const nothing = { kind: 'stay', stay: { amountCents: 0 } };
    expect(brings({ stays_in_weekend_nights: '0', stays_in_week_nights: '0' })).toMatchObject(nothing);
    expect(brings({ adr: '0.00' })).toMatchObject(nothing);
  });

  it.each<[Partial<Booking>, object]>([
    [
      { adults: '2', children: '1', babies: '1', country: 'PRT' },
      { adults: 2, children: 2, country: 'PRT' },
    ],
    [
      { adults: '2', children: 'NA', country: 'NULL' },
      { adults: 2, children: 0, country: null },
    ],
    [
      { adults: '0', children: '2.0', country: 'CN' },
      { adults: 0, children: 2, country: 'CHN' },
    ],
    [
      { adults: '0', children: '0', babies: '0', country: 'TMP' },
      { adults: 1, children: 0, country: 'TLS' },
    ],
  ])('with %j says who came', (cells, who) => {
    expect(judgeRow(stay(cells))).toMatchObject({ stay: who });
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

  it('looks for bad cells also where they bring nothing', () => {
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
