import type { Booking } from './bookings-columns';

/** When somebody came or was to come, and with whom. */
export interface Party {
  /** The day of arrival, `YYYY-MM-DD`. */
  readonly arrivalOn: string;
  readonly nights: number;
  readonly adults: number;
  readonly children: number;
  /** ISO 3166-1 alpha-3, if the file says it. */
  readonly country: string | null;
}

/** A stay that took place. It may have brought nothing. */
export interface Stay extends Party {
  readonly amountCents: number;
}

/** A booking for which nobody came. */
export interface NotStayed extends Party {
  readonly reason: 'Canceled' | 'No-Show';
}

/** What a row of the file turns out to be. One for which nobody came may say too little to tell when that would have been. */
export type RowVerdict =
  | { readonly kind: 'stay'; readonly stay: Stay }
  | { readonly kind: 'not-stayed'; readonly booked?: NotStayed }
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

/** Decides what a row is. Of a cancelled booking the rate is not looked at, because nobody pays it; no cell of it makes the row bad. */
export function judgeRow(booking: Booking): RowVerdict {
  const status = booking.reservation_status;
  const isNotStayed = status === 'Canceled' || status === 'No-Show';
  try {
    if (isNotStayed) return { kind: 'not-stayed', booked: { ...partyOf(booking), reason: status } };
    if (status !== 'Check-Out') {
      throw new BadCell(`reservation_status "${status}" is none of Check-Out, Canceled, No-Show`);
    }
    return { kind: 'stay', stay: judgeStay(booking) };
  } catch (error) {
    if (!(error instanceof BadCell)) throw error;
    return isNotStayed ? { kind: 'not-stayed' } : { kind: 'bad', reason: error.message };
  }
}

function judgeStay(booking: Booking): Stay {
  const party = partyOf(booking);
  const amountCents = centsOf(booking.adr) * party.nights;
  if (!Number.isSafeInteger(amountCents)) throw new BadCell(`adr "${booking.adr}" is too large`);
  return { ...party, amountCents };
}

function partyOf(booking: Booking): Party {
  const [adults, children, babies] = [booking.adults, booking.children, booking.babies].map(peopleIn);
  const count = adults! + children! + babies!;
  return {
    arrivalOn: arrivalDay(booking),
    nights: nightsIn(booking, 'stays_in_weekend_nights') + nightsIn(booking, 'stays_in_week_nights'),
    // Lists have bookings of nobody. Somebody was meant.
    adults: count === 0 ? 1 : adults!,
    children: children! + babies!,
    country: countryOf(booking.country),
  };
}

/** A cell that says no number, such as `NA`, says nobody: how many came is not what a booking is refused for. */
const peopleIn = (cell: string): number => (/^\d{1,2}(?:\.0)?$/.test(cell) ? Number(cell) : 0);

/** Two codes of the public data set that are not the standard's. */
const otherCodes: Readonly<Record<string, string>> = { CN: 'CHN', TMP: 'TLS' };

function countryOf(cell: string): string | null {
  const code = otherCodes[cell] ?? cell;
  return /^[A-Z]{3}$/.test(code) ? code : null;
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
