import { printedSeed } from '@innkeep/testing';
import fc from 'fast-check';
import { addShift, elapsedSeconds, endShift, startShift } from './shift';
import { usualRules } from './staff-rules';
import { businessDayOf, lateMinutes, wallClock } from './wall-clock';

const runs = { seed: printedSeed('clocks of staff') };
const zones = [
  ...['Europe/Lisbon', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Asia/Kathmandu'],
  ...['Pacific/Apia', 'America/Santiago', 'Antarctica/Troll', 'UTC'],
];
const minute = 60_000;
const instants = fc
  .integer({ min: Date.UTC(2015, 0, 1) / minute, max: Date.UTC(2035, 0, 1) / minute })
  .map((minutes) => new Date(minutes * minute));
const property = (timeZone: string, businessDayStartsAt = '00:00') => ({
  ...{ id: 7, name: 'Casa', currency: 'EUR', timeZone, businessDayStartsAt },
});

describe('the hours of a shift', () => {
  it('are those that passed, in every zone, over every change of the clocks', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 47 * 60 }), fc.constantFrom(...zones), (start, minutes, zone) => {
        const begun = startShift('s', 1, property(zone, '04:30'), usualRules, start);
        const ended = endShift(begun, usualRules, new Date(start.getTime() + minutes * minute));
        expect(ended.workedSeconds).toBe(minutes * 60);
        const times = { startedAt: begun.startedAt, endedAt: ended.endedAt! };
        expect(addShift('s', 1, times, property(zone, '04:30'), usualRules).workedSeconds).toBe(minutes * 60);
      }),
      runs,
    );
  });

  it.each([
    // The night in which an hour is missing in Lisbon, and the one in which there is one more.
    ['2026-03-28T22:00:00Z', '2026-03-29T06:00:00+01:00', 7],
    ['2026-10-24T22:00:00+01:00', '2026-10-25T06:00:00Z', 9],
  ])('from %s to %s are %i', (from, to, hours) => {
    expect(elapsedSeconds(from, to)).toBe(hours * 3_600);
  });
});

describe('the business day of a shift', () => {
  it('is the date on the wall, or the day before if it has not begun', () => {
    fc.assert(
      fc.property(
        instants,
        fc.constantFrom(...zones),
        fc.constantFrom('00:00', '04:30', '11:59'),
        (at, zone, start) => {
          const { date, minutes } = wallClock(at, zone);
          const day = businessDayOf(at, property(zone, start));
          const isBefore = minutes < Number(start.slice(0, 2)) * 60 + Number(start.slice(3));
          expect((Date.parse(date) - Date.parse(day)) / 86_400_000).toBe(isBefore ? 1 : 0);
          // The same moment, as the runtime writes it elsewhere.
          const written = at.toLocaleString('sv-SE', { timeZone: zone });
          expect(
            `${date} ${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`,
          ).toBe(written.slice(0, 16));
        },
      ),
      runs,
    );
  });

  it('is the one in which it began, however long it goes on', () => {
    const begun = startShift('s', 1, property('Asia/Kolkata', '06:00'), usualRules, new Date('2026-05-10T00:29:59Z'));
    expect(endShift(begun, usualRules, new Date('2026-05-10T09:00:00Z')).businessDay).toBe('2026-05-09');
  });
});

describe('being late', () => {
  const rules = { shiftStarts: ['07:00', '15:00', '23:00'], graceMinutes: 10 };
  it.each([
    ['07:10', 0],
    ['07:11', 11],
    ['06:40', 0],
    ['10:59', 239],
    ['11:01', 0],
    ['22:50', 0],
    ['23:30', 30],
    ['00:15', 75],
  ])('at %s counts from the nearest beginning', (time, late) => {
    expect(lateMinutes(new Date(`2026-05-10T${time}:00Z`), 'UTC', rules)).toBe(late);
  });

  it('is unknown where shifts begin at any time', () => {
    expect(lateMinutes(new Date(), 'UTC', usualRules)).toBeNull();
  });
});
