import { type PropertyFacts, businessDay, wallClock as shownAt } from '@innkeep/contracts';

const MINUTES_A_DAY = 24 * 60;

/** What the clock on the wall of a place shows: a date, and minutes since its midnight. */
export interface WallClock {
  readonly date: string;
  readonly minutes: number;
}

/** Reads the clock on the wall at an instant. */
export function wallClock(instant: Date, timeZone: string): WallClock {
  const shown = new Date(shownAt(instant, timeZone));
  return { date: shown.toISOString().slice(0, 10), minutes: shown.getUTCHours() * 60 + shown.getUTCMinutes() };
}

/** Minutes since midnight of a local time, `HH:MM`. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

type Calendar = Pick<PropertyFacts, 'timeZone' | 'businessDayStartsAt'>;

/** The property's business day that an instant belongs to. */
export const businessDayOf = (instant: Date, { timeZone, businessDayStartsAt }: Calendar): string =>
  businessDay(instant, timeZone, businessDayStartsAt);

/**
 * By how many minutes somebody who begins then is late: counted from the nearest time at which shifts begin, whether that is just over
 * or about to come; within the grace nobody is late. Null where no such times are set.
 */
export function lateMinutes(
  instant: Date,
  timeZone: string,
  { shiftStarts, graceMinutes }: { readonly shiftStarts: readonly string[]; readonly graceMinutes: number },
): number | null {
  if (shiftStarts.length === 0) return null;
  const { minutes } = wallClock(instant, timeZone);
  const half = MINUTES_A_DAY / 2;
  // From half a day too early to half a day too late.
  const offsets = shiftStarts.map(
    (start) => ((minutes - minutesOf(start) + half + MINUTES_A_DAY) % MINUTES_A_DAY) - half,
  );
  const nearest = offsets.reduce((best, one) => (Math.abs(one) < Math.abs(best) ? one : best));
  return nearest > graceMinutes ? nearest : 0;
}
