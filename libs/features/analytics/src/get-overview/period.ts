import { addDays } from '@innkeep/contracts';

/** A run of business days, both included. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** What a period is compared with. */
export const comparisons = ['previous', 'last-year', 'none'] as const;
export type Comparison = (typeof comparisons)[number];

const DAY_MS = 86_400_000;

/** The same day a year before; of a leap day the one before it. */
function yearBefore(day: string): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year - 1, month, 0)).getUTCDate();
  return new Date(Date.UTC(year - 1, month - 1, Math.min(date, last))).toISOString().slice(0, 10);
}

/** The period to compare with: as many days right before, or the same days of the year before. */
export function comparedWith({ from, to }: Period, comparison: Comparison): Period | undefined {
  if (comparison === 'none') return undefined;
  if (comparison === 'last-year') return { from: yearBefore(from), to: yearBefore(to) };
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  return { from: addDays(from, -days), to: addDays(from, -1) };
}
