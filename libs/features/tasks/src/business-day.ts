const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** What the clock on the wall shows at an instant, as if it were UTC, in milliseconds. */
function wallClock(instant: number, timeZone: string): number {
  const parts = formatFor(timeZone).formatToParts(instant);
  const of = (name: string) => Number(parts.find(({ type }) => type === name)!.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

/** How a property tells its days. */
export interface Calendar {
  readonly timeZone: string;
  /** Local time at which the business day begins, `HH:MM`. */
  readonly businessDayStartsAt: string;
}

/** The day that lies so many days after another. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/**
 * When a business day begins at a property. Where the clock shows that time twice it is the first of the two, and where it never shows
 * it, the moment at which it is moved past it.
 */
export function startOfBusinessDay(day: string, { timeZone, businessDayStartsAt }: Calendar): Date {
  const wanted = Date.parse(`${day}T${businessDayStartsAt}:00Z`);
  // The zone is at most a day off; its offset may change once between the two guesses.
  const offsets = [wanted - 86_400_000, wanted + 86_400_000].map((near) => wallClock(near, timeZone) - near);
  const candidates = offsets.map((offset) => wanted - offset).sort((a, b) => a - b);
  const exact = candidates.find((candidate) => wallClock(candidate, timeZone) === wanted);
  return new Date(exact ?? firstBehind(wanted, candidates[0]!, candidates[1]!, timeZone));
}

/** The moment between two instants from which on the clock shows more than it was to show. */
function firstBehind(wanted: number, from: number, to: number, timeZone: string): number {
  let [before, behind] = [from, to];
  while (behind - before > 1_000) {
    const middle = Math.floor((before + behind) / 2_000) * 1_000;
    if (wallClock(middle, timeZone) > wanted) behind = middle;
    else before = middle;
  }
  return behind;
}

/** When a business day is over at a property: the next one begins. */
export const endOfBusinessDay = (day: string, calendar: Calendar): Date =>
  startOfBusinessDay(addDays(day, 1), calendar);
