import { characters, DomainError } from '@innkeep/contracts';
import { z } from 'zod';
import { httpProblems } from './http.problems';

/**
 * A whole number in a query, in plain digits: what a language at hand would also read as a number (`1e3`, ` 1`, `0x10`) is refused.
 * @param min the least
 * @param max the most, at most 2^53 - 1
 */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,15})$/, 'is a whole number')
    .transform(Number)
    .refine((number) => number >= min && number <= max, `is a whole number from ${min} to ${max}`)
    .meta({ type: 'integer', pattern: undefined, minimum: min, maximum: max });

/** The id of a property in a query. */
export const propertyIdParameter = wholeNumber(1, Number.MAX_SAFE_INTEGER).describe('Id of the property');

/** A year and a month of reports. */
export const yearParameter = wholeNumber(2000, 2100).describe('Of the calendar');
export const monthParameter = wholeNumber(1, 12).describe('From 1 for January');

/** A business day in a query. */
export const dayParameter = z.iso
  .date()
  .refine((day) => day >= '2000-01-01' && day <= '2100-12-31', 'is a day from 2000 to 2100');

/** What every list takes: how long a page is and where it begins. */
export const pageParameters = {
  limit: wholeNumber(1, 200).default(50).describe('How many entries a page holds at most'),
  cursor: characters(1, 500).optional().describe('The nextCursor of the page before, with the same filter'),
};

const DAY_MS = 86_400_000;
/** How many days are told of one by one in an answer: a year, leap years too. */
export const MOST_DAYS = 366;

/**
 * Refuses a range of days that ends before it begins, or that is longer than an answer can be.
 * @param mostDays how many days it may have, its ends included
 * @throws DomainError invalid-range, range-too-long
 */
export function assertRange({ from, to }: { from?: string; to?: string }, mostDays = Infinity): void {
  if (from === undefined || to === undefined) return;
  if (to < from)
    throw new DomainError(httpProblems['invalid-range'], 'Let `to` be the same day as `from` or a later one.', {
      errors: [{ pointer: '/to', detail: 'is before from' }],
    });
  if ((Date.parse(to) - Date.parse(from)) / DAY_MS >= mostDays)
    throw new DomainError(httpProblems['range-too-long'], `Ask for at most ${mostDays} days at once.`, {
      errors: [{ pointer: '/to', detail: `makes it more than ${mostDays} days` }],
    });
}
