const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
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

/** What the clock on the wall of a place shows at an instant, to the second, as if it were UTC: in milliseconds of the epoch. */
export function wallClock(instant: Date | number, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(instant);
  const of = (name: string) => Number(parts.find(({ type }) => type === name)!.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

/** The day that lies so many days after another, both as `YYYY-MM-DD`. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/**
 * The property's business day that an instant belongs to, as `YYYY-MM-DD`. It is read off the clock on the wall: before
 * `startsAt` (`HH:MM`) it is still the day before, on days with a missing or a doubled hour as on any other.
 */
export function businessDay(instant: Date, timeZone: string, startsAt: string): string {
  const shown = new Date(wallClock(instant, timeZone)).toISOString();
  const [day, time] = [shown.slice(0, 10), shown.slice(11, 16)];
  return time < startsAt ? addDays(day, -1) : day;
}
