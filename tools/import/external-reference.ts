import { createHash } from 'node:crypto';
import { bookingColumns, type Booking } from './bookings-columns';

/**
 * Names bookings by what their rows say, so that any later import of the same bookings arrives at the same names, whatever the
 * order of the rows, the order of the columns or the name of the file. Identical rows are told apart by counting them: the third
 * of them is the third wherever it stands, and since they are identical it does not matter which one that is.
 *
 * A file cannot say whether an equal row of an earlier file is the same booking (a later export of the same list) or another
 * one (the second part of a list that was cut in two). The first is taken to be the case, because a booking counted twice is worse
 * than one that is reported as already known; `source` is how a user states the second: it enters every reference.
 */
export class ExternalReferences {
  // The only thing in an import that grows with the file: one short string for each distinct stay.
  readonly #occurrences = new Map<string, number>();

  constructor(private readonly source = '') {}

  next(booking: Booking): string {
    const content = JSON.stringify([this.source, ...bookingColumns.map((column) => booking[column])]);
    const digest = createHash('sha256').update(content).digest('hex').slice(0, 32);
    const occurrence = (this.#occurrences.get(digest) ?? 0) + 1;
    this.#occurrences.set(digest, occurrence);
    return `booking-${digest}-${occurrence}`;
  }
}
