import type { LeaveAccrual } from '@innkeep/contracts';
import { refuse } from './staff.problems';

/** How much of a leave everybody has. */
export interface Entitlement {
  /** Null: as much as is approved. */
  readonly halfDaysPerYear: number | null;
  readonly accrual: LeaveAccrual;
  readonly carryOverHalfDays: number;
}

/** What a person has had of a leave that began in one month, and what was granted in it, in half-days. Grants are of their whole year. */
export interface LeaveHad {
  readonly year: number;
  readonly month: number;
  readonly granted: number;
  readonly taken: number;
  readonly pending: number;
}

/** A month of a year, from 1 for January. */
export interface Month {
  readonly year: number;
  readonly month: number;
}

/** How a person stands with a leave in a month of a year, in half-days. */
export interface Balance {
  readonly year: number;
  readonly month: number;
  readonly entitled: number | null;
  /** What of it is there by the month. */
  readonly accrued: number | null;
  readonly carried: number;
  readonly granted: number;
  readonly taken: number;
  readonly pending: number;
  /** What can still be asked for of leave that begins in the month; null: there is no limit. */
  readonly remaining: number | null;
}

const DECEMBER = 12;

export const monthOf = (day: string): Month => ({ year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)) });

/** The month that is meant when only a year is named: the one it is, and of other years the last. */
export const usualMonth = (year: number, now: Date): number =>
  now.getUTCFullYear() === year ? now.getUTCMonth() + 1 : DECEMBER;

const sumOf = (had: readonly LeaveHad[]) =>
  had.reduce(
    (sum, { granted, taken, pending }) => ({
      granted: sum.granted + granted,
      taken: sum.taken + taken,
      pending: sum.pending + pending,
    }),
    { granted: 0, taken: 0, pending: 0 },
  );

/**
 * What of the year's is there by a month. By the month it is a twelfth for each that has begun, that of joining too, in whole half-days;
 * rounded down from the sum, so that a whole year is the whole of it.
 */
function accruedBy(halfDaysPerYear: number, accrual: LeaveAccrual, joined: Month, { year, month }: Month): number {
  if (accrual === 'yearly') return halfDaysPerYear;
  const first = joined.year === year ? joined.month : 1;
  return Math.floor((halfDaysPerYear * Math.max(0, month - first + 1)) / DECEMBER);
}

/**
 * The balance of a month: what everybody has by then, what was granted besides, and what was left of the year before, as far as the leave
 * carries it over. Years before the person joined count for nothing. What was only asked for is not left, but is not lost with the year
 * either. What is taken in later months is to be there then: of what it needs beyond what accrues until then nothing remains now.
 */
export function balanceOf(entitlement: Entitlement, had: readonly LeaveHad[], joined: Month, at: Month): Balance {
  const { year, month } = at;
  const ofYear = (wanted: number) => had.filter((one) => one.year === wanted);
  const { granted, taken, pending } = sumOf(ofYear(year));
  const { halfDaysPerYear, accrual, carryOverHalfDays } = entitlement;
  if (halfDaysPerYear === null)
    return { ...at, granted, taken, pending, entitled: null, accrued: null, carried: 0, remaining: null };
  let carried = 0;
  for (let past = Math.min(joined.year, ...had.map((one) => one.year)); past < year; past++) {
    const before = sumOf(ofYear(past));
    const accrued = accruedBy(halfDaysPerYear, accrual, joined, { year: past, month: DECEMBER });
    carried = Math.min(carryOverHalfDays, Math.max(0, accrued + before.granted + carried - before.taken));
  }
  const leftIn = (later: number): number => {
    const used = sumOf(ofYear(year).filter((one) => one.month <= later));
    const accrued = accruedBy(halfDaysPerYear, accrual, joined, { year, month: later });
    return accrued + granted + carried - used.taken - used.pending;
  };
  const remaining = Math.min(...Array.from({ length: DECEMBER - month + 1 }, (_, ahead) => leftIn(month + ahead)));
  const accrued = accruedBy(halfDaysPerYear, accrual, joined, at);
  return { ...at, granted, taken, pending, entitled: halfDaysPerYear, accrued, carried, remaining };
}

/** Refuses more than is left. */
export function assertEnough({ remaining }: Balance, halfDays: number): void {
  if (remaining !== null && halfDays > remaining)
    throw refuse('leave-balance-exceeded', `There are ${remaining / 2} days left, and it takes ${halfDays / 2}.`);
}
