const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(instant: Date, timeZone: string): Record<string, string> {
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
    });
    formats.set(timeZone, format);
  }
  return Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
}

/**
 * The property's business day that an instant belongs to, as `YYYY-MM-DD`. It is read off the clock on the wall: before
 * `startsAt` (`HH:MM`) it is still the day before, on days with a missing or a doubled hour as on any other.
 */
export function businessDay(instant: Date, timeZone: string, startsAt: string): string {
  const { year, month, day, hour, minute } = localTime(instant, timeZone);
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (`${hour}:${minute}` < startsAt) date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}
