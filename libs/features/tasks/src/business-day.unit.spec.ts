import { endOfBusinessDay, startOfBusinessDay } from './business-day';

const start = (day: string, timeZone: string, businessDayStartsAt = '00:00') =>
  startOfBusinessDay(day, { timeZone, businessDayStartsAt }).toISOString();

describe('a business day', () => {
  it.each([
    ['2026-03-10', 'Europe/Lisbon', '00:00', '2026-03-10T00:00:00.000Z'],
    ['2026-07-10', 'Europe/Lisbon', '04:30', '2026-07-10T03:30:00.000Z'],
    ['2026-03-10', 'Asia/Kolkata', '06:00', '2026-03-10T00:30:00.000Z'],
    ['2026-03-10', 'Pacific/Kiritimati', '00:00', '2026-03-09T10:00:00.000Z'],
    ['2026-03-10', 'Pacific/Pago_Pago', '11:59', '2026-03-10T22:59:00.000Z'],
    // The clock goes from 01:00 to 02:00: half past one is never shown.
    ['2026-03-29', 'Europe/Lisbon', '01:30', '2026-03-29T01:00:00.000Z'],
    // It goes from 02:00 back to 01:00: half past one is shown twice, and the first counts.
    ['2026-10-25', 'Europe/Lisbon', '01:30', '2026-10-25T00:30:00.000Z'],
    // Midnight is never shown.
    ['2026-03-27', 'Asia/Beirut', '00:00', '2026-03-26T22:00:00.000Z'],
    ['2026-03-29', 'Asia/Beirut', '00:00', '2026-03-28T22:00:00.000Z'],
  ])('%s in %s that begins at %s begins at %s', (day, timeZone, startsAt, expected) => {
    expect(start(day, timeZone, startsAt)).toBe(expected);
  });

  it('ends when the next one begins, after 23, 24 or 25 hours', () => {
    const hours = (day: string) => {
      const calendar = { timeZone: 'Europe/Lisbon', businessDayStartsAt: '00:00' };
      return (endOfBusinessDay(day, calendar).getTime() - startOfBusinessDay(day, calendar).getTime()) / 3_600_000;
    };
    expect(['2026-03-28', '2026-03-29', '2026-10-25'].map(hours)).toEqual([24, 23, 25]);
  });
});
