import type { DomainError, Geofence } from '@innkeep/contracts';
import { assertInside, distanceMetres, isInside, locationText } from './geofence';
import { addShift, closeForgotten, correctShift, endShift, overlaps, shiftTimes, startShift } from './shift';
import { usualRules } from './staff-rules';

const property = { id: 7, name: 'Casa', timeZone: 'Europe/Lisbon', currency: 'EUR', businessDayStartsAt: '00:00' };
const morning = new Date('2026-05-11T07:00:00Z');
const later = (hours: number) => new Date(morning.getTime() + hours * 3_600_000);
const begun = startShift('s-1', 5, property, usualRules, morning);

const problemOf = (action: () => unknown): string | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as DomainError).problem.name;
  }
};

describe('a shift', () => {
  it('counts for nothing until it ends', () => {
    expect(begun).toMatchObject({ businessDay: '2026-05-11', endedAt: null, workedSeconds: 0, lateMinutes: null });
    expect(endShift(begun, usualRules, later(8))).toMatchObject({ workedSeconds: 8 * 3_600, isForgotten: false });
  });

  it('is closed by the rule when its time is over, and no hours are made up', () => {
    expect(closeForgotten(begun, later(15.9))).toBeUndefined();
    expect(closeForgotten(endShift(begun, usualRules, later(8)), later(40))).toBeUndefined();
    const closed = closeForgotten(begun, later(20))!;
    expect(closed).toMatchObject({ endedAt: later(16).toISOString(), isForgotten: true, workedSeconds: 0 });
    const times = { startedAt: begun.startedAt, endedAt: later(8.5).toISOString() };
    expect(correctShift(closed, times, property, usualRules)).toMatchObject({
      ...{ isForgotten: true, isCorrected: true, workedSeconds: 8.5 * 3_600 },
    });
  });

  it('is added with its times, by the day in which it began', () => {
    const times = { startedAt: '2026-05-09T23:30:00Z', endedAt: '2026-05-10T08:00:00Z' };
    const fence: Geofence = { latitude: 0, longitude: 0, radiusMetres: 10, accuracyMetres: 10, enforcement: 'refuse' };
    expect(addShift('s-2', 5, times, property, { ...usualRules, geofence: fence })).toMatchObject({
      ...{ businessDay: '2026-05-10', isCorrected: true, beganInside: null, workedSeconds: 8.5 * 3_600 },
    });
  });

  it.each([
    ['ends before it begins', -1, -2],
    ['ends when it begins', -1, -1],
    ['has not ended', -1, 1],
    ['is too long', -60, -1],
    ['is too old', -9_000, -8_999],
  ])('cannot have times by which it %s', (_, from, to) => {
    const times = { startedAt: later(from).toISOString(), endedAt: later(to).toISOString() };
    expect(problemOf(() => shiftTimes(times, morning))).toBe('shift-times-invalid');
  });

  it('overlaps what it shares a moment with, and not what it touches', () => {
    const times = { startedAt: later(0).toISOString(), endedAt: later(8).toISOString() };
    const other = (from: number, to: number | null) => ({
      startedAt: later(from).toISOString(),
      endedAt: to === null ? null : later(to).toISOString(),
    });
    expect([other(-3, 0), other(8, 9), other(8, null)].map((one) => overlaps(one, times))).toEqual(
      Array(3).fill(false),
    );
    expect([other(-3, 1), other(7, 9), other(1, null), other(2, 3)].map((one) => overlaps(one, times))).toEqual(
      Array(4).fill(true),
    );
  });
});

describe('a geofence', () => {
  const fence: Geofence = {
    ...{ latitude: 38.7109, longitude: -9.1366, radiusMetres: 150, accuracyMetres: 50, enforcement: 'refuse' },
  };
  const at = (metresNorth: number, accuracyMetres = 10) => ({
    latitude: fence.latitude + metresNorth / 111_195,
    longitude: fence.longitude,
    accuracyMetres,
  });

  it('measures over the ground', () => {
    expect(distanceMetres(fence, { latitude: 41.1496, longitude: -8.611 })).toBeCloseTo(274_900, -3);
    expect(distanceMetres({ latitude: 0, longitude: 179.999 }, { latitude: 0, longitude: -179.999 })).toBeCloseTo(
      222,
      0,
    );
  });

  it('takes who may be inside to be inside, and nothing from a vague location', () => {
    expect([at(0), at(159), at(161), at(0, 51)].map((one) => isInside(fence, one))).toEqual([true, true, false, null]);
    expect([isInside(null, at(0)), isInside(fence, undefined)]).toEqual([null, null]);
  });

  it('keeps out who is not known to be inside, where it is enforced', () => {
    const problems = [undefined, at(0, 51), at(500), at(0)].map((one) => problemOf(() => assertInside(fence, one)));
    expect(problems).toEqual(['location-required', 'location-inaccurate', 'outside-geofence', undefined]);
    expect(assertInside({ ...fence, enforcement: 'note' }, at(500))).toBe(false);
    expect(assertInside(null, undefined)).toBeNull();
  });

  it('keeps the distance with the place', () => {
    expect(JSON.parse(locationText(fence, at(100))!)).toMatchObject({ accuracyMetres: 10, distanceMetres: 100 });
    expect(locationText(null, undefined)).toBeNull();
  });
});
