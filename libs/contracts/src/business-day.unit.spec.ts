import { businessDay } from './business-day';

describe('business day', () => {
  it.each([
    ['2015-07-01T12:00:00Z', 'Europe/Lisbon', '00:00', '2015-07-01'],
    ['2015-07-01T23:30:00Z', 'Europe/Lisbon', '00:00', '2015-07-02'],
    ['2026-03-31T18:29:59Z', 'Asia/Kolkata', '00:00', '2026-03-31'],
    ['2026-03-31T18:30:00Z', 'Asia/Kolkata', '00:00', '2026-04-01'],
    ['2026-01-01T18:14:59Z', 'Asia/Kathmandu', '00:00', '2026-01-01'],
    ['2026-01-01T18:15:00Z', 'Asia/Kathmandu', '00:00', '2026-01-02'],
    ['2026-01-01T10:30:00Z', 'Pacific/Kiritimati', '00:00', '2026-01-02'],
    ['2026-01-01T03:59:00Z', 'UTC', '04:00', '2025-12-31'],
    ['2026-01-01T04:00:00Z', 'UTC', '04:00', '2026-01-01'],
  ])('%s in %s, beginning at %s, is %s', (instant, zone, startsAt, day) => {
    expect(businessDay(new Date(instant), zone, startsAt)).toBe(day);
  });

  it('takes both of a doubled hour for the same night', () => {
    // In Berlin 02:30 happens twice on 2026-10-25.
    expect(businessDay(new Date('2026-10-25T00:30:00Z'), 'Europe/Berlin', '03:00')).toBe('2026-10-24');
    expect(businessDay(new Date('2026-10-25T01:30:00Z'), 'Europe/Berlin', '03:00')).toBe('2026-10-24');
    expect(businessDay(new Date('2026-10-25T02:00:00Z'), 'Europe/Berlin', '03:00')).toBe('2026-10-25');
  });

  it('is right when the hour in which it begins is missing', () => {
    // In Berlin 02:00 to 03:00 does not exist on 2026-03-29.
    expect(businessDay(new Date('2026-03-29T00:59:00Z'), 'Europe/Berlin', '02:30')).toBe('2026-03-28');
    expect(businessDay(new Date('2026-03-29T01:00:00Z'), 'Europe/Berlin', '02:30')).toBe('2026-03-29');
  });
});
