import { addDays, wallClock } from '@innkeep/contracts';

/** How a property tells its days. */
export interface Calendar {
  readonly timeZone: string;
  /** Local time at which the business day begins, `HH:MM`. */
  readonly businessDayStartsAt: string;
}

/**
 * When a business day begins at a property. Where the clock shows that time twice it is the first of the two, and where it never shows
 * it, the moment at which it is moved past it.
 */
export function startOfBusinessDay(day: string, { timeZone, businessDayStartsAt }: Calendar): Date {
  const wanted = Date.parse(`${day}T${businessDayStartsAt}:00Z`);
  // The zone is at most a day off; its offset may change once between the two guesses.
  const offsets = [wanted - 86_400_000, wanted + 86_400_000].map((near) => wallClock(near, timeZone) - near);
  const candidates = offsets.map((offset) => wanted - offset).sort((a, b) => a - b);
  const exact = candidates.find((candidate) => wallClock(candidate, timeZone) === wanted);
  return new Date(exact ?? firstBehind(wanted, candidates[0]!, candidates[1]!, timeZone));
}

/** The moment between two instants from which on the clock shows more than it was to show. */
function firstBehind(wanted: number, from: number, to: number, timeZone: string): number {
  let [before, behind] = [from, to];
  while (behind - before > 1_000) {
    const middle = Math.floor((before + behind) / 2_000) * 1_000;
    if (wallClock(middle, timeZone) > wanted) behind = middle;
    else before = middle;
  }
  return behind;
}

/** When a business day is over at a property: the next one begins. */
export const endOfBusinessDay = (day: string, calendar: Calendar): Date =>
  startOfBusinessDay(addDays(day, 1), calendar);
