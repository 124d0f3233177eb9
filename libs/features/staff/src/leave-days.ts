import { type LeaveSnapshot, type StaffRules, addDays } from '@innkeep/contracts';
import { z } from 'zod';
import { refuse } from './staff.problems';

/**
 * A number of days of leave, in halves. Told exactly: a multiple by division takes what is nearly nothing for one.
 * @param least the least, which may be negative
 * @param most the most
 */
export const halfDays = (least: number, most: number) =>
  z
    .number()
    .min(least)
    .max(most)
    .refine((days) => Number.isInteger(days * 2), 'is in half-days')
    .meta({ multipleOf: 0.5 });

/** From when to when somebody is away. A leave may begin or end at noon. */
export interface LeaveSpan {
  readonly from: string;
  readonly to: string;
  readonly startsAtNoon: boolean;
  readonly endsAtNoon: boolean;
}

const dayNumber = (day: string) => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
const weekdayOf = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

/** The first half-day of a span and the one behind its last, counted from 1970. */
export function halfDaysOf({ from, to, startsAtNoon, endsAtNoon }: LeaveSpan): readonly [first: number, end: number] {
  return [2 * dayNumber(from) + (startsAtNoon ? 1 : 0), 2 * dayNumber(to) + (endsAtNoon ? 1 : 2)];
}

/** Whether two spans share a half-day: one that ends at noon and one that starts then do not. */
export function isOverlapping(one: LeaveSpan, other: LeaveSpan): boolean {
  const [[first, end], [otherFirst, otherEnd]] = [halfDaysOf(one), halfDaysOf(other)];
  return first < otherEnd && otherFirst < end;
}

/** Refuses a span that ends before it begins, or lies in two years. */
export function assertSpan(span: LeaveSpan): void {
  const [first, end] = halfDaysOf(span);
  if (end <= first)
    throw refuse('invalid-range', 'Let it end later than it begins.', [{ pointer: '/to', detail: 'is before from' }]);
  if (span.from.slice(0, 4) !== span.to.slice(0, 4))
    throw refuse('leave-crosses-years', 'Ask for what lies in each year by itself: each has a balance of its own.', [
      { pointer: '/to', detail: 'lies in another year than from' },
    ]);
}

/** What says on which days leave is counted. */
export type WorkingDays = Pick<StaffRules, 'workingWeekdays' | 'holidays'>;

/** How many half-days of a span are on working weekdays that are no holidays, by month. */
export function countedMonths(span: LeaveSpan, { workingWeekdays, holidays }: WorkingDays): LeaveSnapshot['months'] {
  const free = new Set(holidays.map(({ day }) => day));
  const months = new Map<string, number>();
  for (let day = span.from; day <= span.to; day = addDays(day, 1)) {
    if (free.has(day) || !workingWeekdays.includes(weekdayOf(day))) continue;
    const halves = 2 - (day === span.from && span.startsAtNoon ? 1 : 0) - (day === span.to && span.endsAtNoon ? 1 : 0);
    months.set(day.slice(0, 7), (months.get(day.slice(0, 7)) ?? 0) + halves);
  }
  return [...months].filter(([, halfDays]) => halfDays > 0).map(([month, halfDays]) => ({ month, halfDays }));
}

export const sumOf = (months: LeaveSnapshot['months']): number =>
  months.reduce((sum, { halfDays }) => sum + halfDays, 0);
