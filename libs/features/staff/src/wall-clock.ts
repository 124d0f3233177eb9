import type { PropertyFacts } from '@innkeep/contracts';

const formats = new Map<string, Intl.DateTimeFormat>();
const MINUTES_A_DAY = 24 * 60;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** What the clock on the wall of a place shows: a date, and minutes since its midnight. */
export interface WallClock {
  readonly date: string;
  readonly minutes: number;
}

/** Reads the clock on the wall at an instant. */
export function wallClock(instant: Date, timeZone: string): WallClock {
  const parts = formatOf(timeZone).formatToParts(instant);
  const part = (name: string) => Number(parts.find(({ type }) => type === name)!.value);
  const date = new Date(Date.UTC(part('year'), part('month') - 1, part('day')));
  return { date: date.toISOString().slice(0, 10), minutes: part('hour') * 60 + part('minute') };
}

/** Minutes since midnight of a local time, `HH:MM`. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** The day so many days later. */
export function daysLater(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * MINUTES_A_DAY * 60_000).toISOString().slice(0, 10);
}

type Calendar = Pick<PropertyFacts, 'timeZone' | 'businessDayStartsAt'>;

/** The property's business day that an instant belongs to: before it begins on the wall, it is still the day before. */
export function businessDayOf(instant: Date, { timeZone, businessDayStartsAt }: Calendar): string {
  const { date, minutes } = wallClock(instant, timeZone);
  return minutes < minutesOf(businessDayStartsAt) ? daysLater(date, -1) : date;
}

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
