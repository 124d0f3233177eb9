import fc from 'fast-check';
import { addDays } from '@innkeep/contracts';
import { type Recurrence, nextDay, recurrence, weekdays, withDays } from './recurrence';

const rule = (given: object) => recurrence.parse(given);

/** The days of a series, from its first. */
function daysOf(given: object, first: string, most = 8): string[] {
  const days = [first];
  const whole = withDays(rule(given), first);
  while (days.length < most) {
    const next = nextDay(whole, days.at(-1)!, days.length);
    if (next === null) break;
    days.push(next);
  }
  return days;
}

describe('a series', () => {
  it.each<[string, object, string, string[]]>([
    ['every day', { every: 'day' }, '2026-02-27', ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']],
    ['every third day', { every: 'day', interval: 3 }, '2024-02-27', ['2024-02-27', '2024-03-01', '2024-03-04']],
    ['every week on the day of the first', { every: 'week' }, '2026-03-11', ['2026-03-11', '2026-03-18']],
    [
      'on Mondays and Thursdays',
      { every: 'week', weekdays: ['thursday', 'monday'] },
      '2026-03-11',
      ['2026-03-11', '2026-03-12', '2026-03-16', '2026-03-19'],
    ],
    [
      'every other week on Mondays and Fridays',
      { every: 'week', interval: 2, weekdays: ['monday', 'friday'] },
      '2026-03-09',
      ['2026-03-09', '2026-03-13', '2026-03-23', '2026-03-27', '2026-04-06'],
    ],
    [
      'every month on the last',
      { every: 'month', monthDay: 31 },
      '2026-01-31',
      ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'],
    ],
    ['every month, later than the first', { every: 'month', monthDay: 20 }, '2026-01-05', ['2026-01-05', '2026-01-20']],
    ['every quarter', { every: 'month', interval: 3 }, '2025-11-30', ['2025-11-30', '2026-02-28', '2026-05-30']],
  ])('%s', (_name, given, first, expected) => {
    expect(daysOf(given, first, expected.length)).toEqual(expected);
  });

  it('ends with the last that is wanted', () => {
    expect(daysOf({ every: 'day', count: 3 }, '2026-03-10')).toHaveLength(3);
    expect(daysOf({ every: 'week', until: '2026-03-24' }, '2026-03-10')).toEqual([
      '2026-03-10',
      '2026-03-17',
      '2026-03-24',
    ]);
  });

  it('goes forward, on wanted days only, and misses none', () => {
    const given = fc.oneof(
      fc.record({ every: fc.constant('day'), interval: fc.integer({ min: 1, max: 52 }) }),
      fc.record({
        every: fc.constant('week'),
        interval: fc.integer({ min: 1, max: 5 }),
        weekdays: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
      }),
      fc.record({
        every: fc.constant('month'),
        interval: fc.integer({ min: 1, max: 13 }),
        monthDay: fc.integer({ min: 1, max: 31 }),
      }),
    );
    fc.assert(
      fc.property(given, fc.integer({ min: 0, max: 3_000 }), (wanted, days) => {
        const series = daysOf(wanted, addDays('2024-01-01', days), 6);
        expect([...new Set(series)].sort()).toEqual(series);
        const { weekdays: on } = rule(wanted) as Recurrence;
        for (const day of series.slice(1))
          if (on) expect(on).toContain(weekdays[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7]);
        const months = series.slice(1).map((day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)));
        const { every, interval } = rule(wanted);
        if (every === 'month') months.slice(1).forEach((month, index) => expect(month - months[index]!).toBe(interval));
      }),
    );
  });

  it.each([
    [{ every: 'day', weekdays: ['monday'] }],
    [{ every: 'week', monthDay: 3 }],
    [{ every: 'day', count: 3, until: '2026-03-10' }],
    [{ every: 'day', interval: 0 }],
    [{ every: 'week', weekdays: ['monday', 'monday'] }],
    [{ every: 'hour' }],
  ])('is not %j', (given) => {
    expect(recurrence.safeParse(given).success).toBe(false);
  });
});
