import type { Booking } from './bookings-columns';

/** A stay that brings revenue. */
export interface Stay {
  /** The day of arrival, `YYYY-MM-DD`. */
  readonly arrivalOn: string;
  readonly nights: number;
  readonly amountCents: number;
}

/** What a row of the file turns out to be. */
export type RowVerdict =
  | { readonly kind: 'revenue'; readonly stay: Stay }
  | { readonly kind: 'no-revenue' }
  | { readonly kind: 'not-stayed' }
  | { readonly kind: 'bad'; readonly reason: string };

class BadCell extends Error {}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Decides what a row is. Only a stay's own cells are looked at closely: nobody pays for a cancelled booking's rate. */
export function judgeRow(booking: Booking): RowVerdict {
  const status = booking.reservation_status;
  if (status === 'Canceled' || status === 'No-Show') return { kind: 'not-stayed' };
  try {
    if (status !== 'Check-Out') {
      throw new BadCell(`reservation_status "${status}" is none of Check-Out, Canceled, No-Show`);
    }
    return judgeStay(booking);
  } catch (error) {
    if (error instanceof BadCell) return { kind: 'bad', reason: error.message };
    throw error;
  }
}

function judgeStay(booking: Booking): RowVerdict {
  const arrivalOn = arrivalDay(booking);
  const nights = nightsIn(booking, 'stays_in_weekend_nights') + nightsIn(booking, 'stays_in_week_nights');
  const rateCents = centsOf(booking.adr);
  if (nights === 0 || rateCents === 0) return { kind: 'no-revenue' };
  const amountCents = rateCents * nights;
  if (!Number.isSafeInteger(amountCents)) throw new BadCell(`adr "${booking.adr}" is too large`);
  return { kind: 'revenue', stay: { arrivalOn, nights, amountCents } };
}

function arrivalDay(booking: Booking): string {
  const { arrival_date_year: year, arrival_date_month: monthName, arrival_date_day_of_month: day } = booking;
  const month = months.indexOf(monthName) + 1;
  if (/^[12]\d{3}$/.test(year) && month > 0 && /^\d{1,2}$/.test(day)) {
    const arrivalOn = `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
    // Date rolls 31 June over to 1 July; such a day reads back as another one.
    const date = new Date(`${arrivalOn}T00:00:00Z`);
    if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(arrivalOn)) return arrivalOn;
  }
  throw new BadCell(`the arrival date "${year} ${monthName} ${day}" does not exist`);
}

function nightsIn(booking: Booking, column: 'stays_in_weekend_nights' | 'stays_in_week_nights'): number {
  if (!/^\d{1,4}$/.test(booking[column])) throw new BadCell(`${column} "${booking[column]}" is not a number of nights`);
  return Number(booking[column]);
}

/** Reads a decimal with at most two places into whole cents. Text is cut, never multiplied: 1.15 x 100 is 114.99999999999999. */
export function centsOf(decimal: string): number {
  const [, whole, fraction = ''] = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(decimal) ?? [];
  if (whole === undefined) {
    const reason = decimal.startsWith('-') ? 'is negative' : 'is not an amount with at most two decimals';
    throw new BadCell(`adr "${decimal}" ${reason}`);
  }
  return Number(whole + fraction.padEnd(2, '0'));
}
