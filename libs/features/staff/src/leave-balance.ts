import { refuse } from './staff.problems';

/** How much of a leave everybody has. */
export interface Entitlement {
  /** Null: as much as is approved. */
  readonly halfDaysPerYear: number | null;
  readonly carryOverHalfDays: number;
}

/** What a person has had of a leave in one year, in half-days. */
export interface LeaveYear {
  readonly year: number;
  readonly granted: number;
  readonly taken: number;
  readonly pending: number;
}

/** How a person stands with a leave in a year, in half-days. */
export interface Balance extends LeaveYear {
  readonly entitled: number | null;
  readonly carried: number;
  /** What can still be asked for; null: there is no limit. */
  readonly remaining: number | null;
}

const nothing = (year: number): LeaveYear => ({ year, granted: 0, taken: 0, pending: 0 });

/**
 * A year's balance: what everybody has, what was granted besides, and what was left of the year before, as far as the leave carries it
 * over. Years before the person's first count for nothing. What was only asked for is not left, but is not lost with the year either.
 */
export function balanceOf(
  { halfDaysPerYear, carryOverHalfDays }: Entitlement,
  years: readonly LeaveYear[],
  firstYear: number,
  year: number,
): Balance {
  const of = (wanted: number) => years.find((one) => one.year === wanted) ?? nothing(wanted);
  if (halfDaysPerYear === null) return { ...of(year), entitled: null, carried: 0, remaining: null };
  let carried = 0;
  for (let past = Math.min(firstYear, ...years.map((one) => one.year)); past < year; past++) {
    const { granted, taken } = of(past);
    const left = halfDaysPerYear + granted + carried - taken;
    carried = Math.min(carryOverHalfDays, Math.max(0, left));
  }
  const { granted, taken, pending } = of(year);
  const remaining = halfDaysPerYear + granted + carried - taken - pending;
  return { year, granted, taken, pending, entitled: halfDaysPerYear, carried, remaining };
}

/** Refuses more than is left. */
export function assertEnough({ remaining }: Balance, halfDays: number): void {
  if (remaining !== null && halfDays > remaining)
    throw refuse('leave-balance-exceeded', `There are ${remaining / 2} days left, and it takes ${halfDays / 2}.`);
}
