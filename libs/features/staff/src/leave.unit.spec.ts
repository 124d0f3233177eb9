import { type DomainError, addDays } from '@innkeep/contracts';
import { printedSeed } from '@innkeep/testing';
import fc from 'fast-check';
import { assertEnough, balanceOf, usualMonth } from './leave-balance';
import {
  type LeaveSpan,
  type WorkingDays,
  countedMonths,
  halfDays,
  halfDaysOf,
  isOverlapping,
  sumOf,
} from './leave-days';
import { cancelLeave, requestLeave } from './leave-request';

const runs = { seed: printedSeed('leave of staff') };
const everyDay = { workingWeekdays: [1, 2, 3, 4, 5, 6, 7], holidays: [] };
const weekdays = { ...everyDay, workingWeekdays: [1, 2, 3, 4, 5] };
const christmas = { ...weekdays, holidays: [{ day: '2026-12-25', name: 'Christmas' }] };
const span = (from: string, to = from, startsAtNoon = false, endsAtNoon = false): LeaveSpan => ({
  ...{ from, to, startsAtNoon, endsAtNoon },
});
const ask = (asked: LeaveSpan, days: WorkingDays = everyDay, others: LeaveSpan[] = []) =>
  requestLeave('l-1', { ...asked, userId: 5, propertyId: 7, leaveTypeId: 't', requestedBy: 5 }, days, others);

const problemOf = (action: () => unknown): string | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as DomainError).problem.name;
  }
};

const spans = fc
  .record({
    start: fc.integer({ min: 0, max: 300 }),
    length: fc.integer({ min: 0, max: 40 }),
    startsAtNoon: fc.boolean(),
    endsAtNoon: fc.boolean(),
  })
  .map(({ start, length, ...noon }) => ({
    ...{ from: addDays('2026-01-01', start), to: addDays('2026-01-01', start + length), ...noon },
  }))
  .filter((one) => halfDaysOf(one)[1] > halfDaysOf(one)[0]);

describe('the days of a leave', () => {
  it.each([
    ['a day', span('2026-07-06'), everyDay, 2],
    ['a morning', span('2026-07-06', '2026-07-06', false, true), everyDay, 1],
    ['an afternoon and a day', span('2026-07-06', '2026-07-07', true), everyDay, 3],
    ['a week of working days', span('2026-07-06', '2026-07-12'), weekdays, 10],
    ['from Sunday noon to Monday noon', span('2026-07-05', '2026-07-06', true, true), weekdays, 1],
    ['a week with a holiday', span('2026-12-21', '2026-12-27'), christmas, 8],
    ['a week to the noon of a holiday', span('2026-12-21', '2026-12-25', false, true), christmas, 8],
  ])('of %s are counted in halves', (_, asked, days, halfDays) => {
    expect(ask(asked, days).halfDays).toBe(halfDays);
  });

  it('are the half-days of the span, where every day counts, and are split by months', () => {
    fc.assert(
      fc.property(spans, (one) => {
        const months = countedMonths(one, everyDay);
        const [first, end] = halfDaysOf(one);
        expect(sumOf(months)).toBe(end - first);
        expect(months.map(({ month }) => month)).toEqual([...new Set(months.map(({ month }) => month))].sort());
      }),
      runs,
    );
  });

  it('are told in halves, and nothing else passes for one', () => {
    for (const days of [0, 0.5, 2, 20.5]) expect(halfDays(0, 366).safeParse(days).success).toBe(true);
    for (const days of [5e-324, 0.25, 1.49999999, -0.5]) expect(halfDays(0, 366).safeParse(days).success).toBe(false);
  });

  it('overlap if and only if they share a half-day', () => {
    const halves = (one: LeaveSpan) => {
      const [first, end] = halfDaysOf(one);
      return Array.from({ length: end - first }, (__, index) => first + index);
    };
    fc.assert(
      fc.property(spans, spans, (one, other) => {
        const shared = halves(one).some((half) => halves(other).includes(half));
        expect([isOverlapping(one, other), isOverlapping(other, one)]).toEqual([shared, shared]);
      }),
      runs,
    );
  });
});

describe('a leave request', () => {
  it('is refused without days, backwards, over New Year, and over other leave', () => {
    expect(problemOf(() => ask(span('2026-07-11', '2026-07-12'), weekdays))).toBe('leave-without-days');
    expect(problemOf(() => ask(span('2026-12-25'), christmas))).toBe('leave-without-days');
    expect(problemOf(() => ask(span('2026-07-12', '2026-07-11')))).toBe('invalid-range');
    expect(problemOf(() => ask(span('2026-07-12', '2026-07-12', true, true)))).toBe('invalid-range');
    expect(problemOf(() => ask(span('2026-12-31', '2027-01-01')))).toBe('leave-crosses-years');
    const morning = span('2026-07-06', '2026-07-06', false, true);
    expect(problemOf(() => ask(span('2026-07-06'), everyDay, [morning]))).toBe('leave-overlaps');
    expect(problemOf(() => ask(span('2026-07-06', '2026-07-06', true), everyDay, [morning]))).toBeUndefined();
  });

  it('is cancelled by whom it is about until it begins, and by managers after that', () => {
    const pending = ask(span('2026-07-06', '2026-07-10'));
    const approved = { ...pending, status: 'approved' as const };
    expect(cancelLeave(pending, '2026-07-08', false)).toMatchObject({ status: 'cancelled' });
    expect(cancelLeave(approved, '2026-07-05', false)).toMatchObject({ status: 'cancelled' });
    expect(problemOf(() => cancelLeave(approved, '2026-07-06', false))).toBe('leave-not-cancellable');
    expect(cancelLeave(approved, '2026-07-06', true)).toMatchObject({ status: 'cancelled' });
    expect(cancelLeave({ ...pending, status: 'cancelled' }, '2026-07-06', false)).toBeUndefined();
    expect(problemOf(() => cancelLeave({ ...pending, status: 'rejected' }, '2026-07-01', true))).toBe(
      'leave-not-cancellable',
    );
  });
});

describe('a balance', () => {
  const holiday = { halfDaysPerYear: 44, accrual: 'yearly', carryOverHalfDays: 10 } as const;
  const had = (year: number, taken: number, granted = 0, pending = 0, month = 6) => ({
    ...{ year, month, taken, granted, pending },
  });
  const january = (year: number) => ({ year, month: 1 });

  it('begins with the first year, and carries over what it may', () => {
    expect(balanceOf(holiday, [], january(2026), january(2026))).toMatchObject({ carried: 0, remaining: 44 });
    expect(balanceOf(holiday, [], january(2025), january(2026))).toMatchObject({ carried: 10, remaining: 54 });
    expect(balanceOf(holiday, [had(2025, 40)], january(2025), january(2026))).toMatchObject({
      ...{ carried: 4, remaining: 48 },
    });
    // What was carried is taken before what is new, so it is not carried twice.
    expect(balanceOf(holiday, [had(2025, 54)], january(2024), january(2026))).toMatchObject({ carried: 0 });
  });

  it('counts what was granted, taken and asked for', () => {
    const balance = balanceOf(holiday, [had(2026, 10, 3), had(2026, 0, 0, 4, 11)], january(2026), january(2026));
    expect(balance).toMatchObject({ granted: 3, taken: 10, pending: 4, accrued: 44, remaining: 33 });
    expect(problemOf(() => assertEnough(balance, 34))).toBe('leave-balance-exceeded');
    expect(problemOf(() => assertEnough(balance, 33))).toBeUndefined();
  });

  it('has no end where there is no limit', () => {
    const endless = { ...holiday, halfDaysPerYear: null };
    const balance = balanceOf(endless, [had(2026, 700)], january(2026), january(2026));
    expect(balance).toMatchObject({ accrued: null, remaining: null });
    expect(problemOf(() => assertEnough(balance, 700))).toBeUndefined();
  });

  it('never carries more than the most, nor less than nothing', () => {
    const years = fc.array(fc.record({ taken: fc.nat(80), granted: fc.integer({ min: -20, max: 20 }) }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(years, fc.nat(30), (given, carryOverHalfDays) => {
        const list = given.map((one, index) => ({ ...had(2020 + index, one.taken, one.granted) }));
        const { carried, remaining } = balanceOf({ ...holiday, carryOverHalfDays }, list, january(2020), january(2026));
        expect(carried).toBeGreaterThanOrEqual(0);
        expect(carried).toBeLessThanOrEqual(carryOverHalfDays);
        expect(remaining).toBe(44 + carried);
      }),
      runs,
    );
  });

  it('is about this month, and of other years about the last, unless another is named', () => {
    const now = new Date('2026-09-30T23:59:59Z');
    expect([2025, 2026, 2027].map((year) => usualMonth(year, now))).toEqual([12, 9, 12]);
  });
});

describe('a balance that accrues by the month', () => {
  const monthly = { halfDaysPerYear: 45, accrual: 'monthly', carryOverHalfDays: 10 } as const;
  const asked = (month: number, pending: number, year = 2026) => ({ year, month, granted: 0, taken: 0, pending });
  const by = (month: number, had: ReturnType<typeof asked>[] = [], joined = { year: 2026, month: 1 }) =>
    balanceOf(monthly, had, joined, { year: 2026, month });

  it('has a twelfth more each month, in whole half-days, and the whole year in December', () => {
    expect([1, 2, 3, 4, 12].map((month) => by(month).accrued)).toEqual([3, 7, 11, 15, 45]);
    expect(by(4).remaining).toBe(15);
  });

  it('begins with the month of joining, and carries over what accrued in that year', () => {
    const joined = { year: 2025, month: 11 };
    expect(balanceOf(monthly, [], joined, { year: 2025, month: 10 })).toMatchObject({ accrued: 0, remaining: 0 });
    expect(balanceOf(monthly, [], joined, { year: 2025, month: 12 })).toMatchObject({ accrued: 7, entitled: 45 });
    expect(by(1, [], joined)).toMatchObject({ carried: 7, accrued: 3, remaining: 10 });
  });

  it('keeps what later leave needs, and lets what accrues until then be for it', () => {
    // By August 30 have accrued: of the 28 asked for then 13 are still to come in May.
    expect(by(5, [asked(8, 28)]).remaining).toBe(2);
    expect(by(1, [asked(8, 28)]).remaining).toBe(2);
    expect(by(1, [asked(8, 4)]).remaining).toBe(3);
    expect(by(9, [asked(8, 28)]).remaining).toBe(5);
  });

  it('never lets more be taken by any month than had accrued by then', () => {
    const wishes = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 20 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(wishes, (given) => {
        const had: ReturnType<typeof asked>[] = [];
        for (const [month, halfDays] of given)
          if (problemOf(() => assertEnough(by(month, had), halfDays)) === undefined) had.push(asked(month, halfDays));
        for (let month = 1; month <= 12; month++) {
          const used = had.filter((one) => one.month <= month).reduce((sum, { pending }) => sum + pending, 0);
          expect(used).toBeLessThanOrEqual(Math.floor((45 * month) / 12));
        }
      }),
      runs,
    );
  });
});
