import { z } from 'zod';
import { addDays } from '@innkeep/contracts';
import { holding } from '@innkeep/platform/http';

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

const MOST_OCCURRENCES = 1_000;

/** How often a task comes again. */
export const recurrence = z
  .strictObject({
    every: z.enum(['day', 'week', 'month']),
    interval: z.int().min(1).max(52).default(1).describe('Every how many days, weeks or months'),
    weekdays: z
      .array(z.enum(weekdays))
      .min(1)
      .max(7)
      .refine((days) => new Set(days).size === days.length, 'names a day twice')
      .meta({ uniqueItems: true })
      .optional()
      .describe('On which days of the week; by default that of the first'),
    monthDay: z
      .int()
      .min(1)
      .max(31)
      .optional()
      .describe('On which day of the month, or its last if it has fewer; by default that of the first'),
    until: z.iso.date().optional().describe('The last business day on which it may be due'),
    count: z.int().min(1).max(MOST_OCCURRENCES).optional().describe('How many times in all'),
  })
  .refine(({ every, weekdays: days }) => !days || every === 'week', { path: ['weekdays'], error: 'are for weeks' })
  .refine(({ every, monthDay }) => !monthDay || every === 'month', { path: ['monthDay'], error: 'is for months' })
  .refine(({ until, count }) => !until || !count, { path: ['count'], error: 'and until exclude each other' })
  .meta({
    allOf: [
      { not: holding(['weekdays'], { every: { enum: ['day', 'month'] } }) },
      { not: holding(['monthDay'], { every: { enum: ['day', 'week'] } }) },
      { not: holding(['until', 'count']) },
    ],
    example: { every: 'week', interval: 1, weekdays: ['monday', 'thursday'], count: 12 },
  });
export type Recurrence = z.output<typeof recurrence>;

/** 0 for Monday. */
const weekdayOf = (day: string): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;

/** The rule with the days that it left open: those of the day on which the first task of the series is due. */
export function withDays(rule: Recurrence, dueOn: string): Recurrence {
  if (rule.every === 'week') return { ...rule, weekdays: rule.weekdays ?? [weekdays[weekdayOf(dueOn)]!] };
  if (rule.every === 'month') return { ...rule, monthDay: rule.monthDay ?? Number(dueOn.slice(8)) };
  return rule;
}

function nextOfWeek({ interval, weekdays: days }: Recurrence, after: string): string {
  const wanted = days?.map((day) => weekdays.indexOf(day)) ?? [weekdayOf(after)];
  const left = wanted.filter((day) => day > weekdayOf(after)).sort((a, b) => a - b)[0];
  if (left !== undefined) return addDays(after, left - weekdayOf(after));
  // The first of the wanted days in the next week that counts.
  return addDays(after, 7 * interval - weekdayOf(after) + Math.min(...wanted));
}

/** A day of a month, or the month's last. `months` are counted from the year 0. */
function dayOfMonth(months: number, monthDay: number): string {
  const [year, month] = [Math.floor(months / 12), months % 12];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(monthDay, last))).toISOString().slice(0, 10);
}

function nextOfMonth({ interval, monthDay }: Recurrence, after: string): string {
  const months = Number(after.slice(0, 4)) * 12 + Number(after.slice(5, 7)) - 1;
  const wanted = monthDay ?? Number(after.slice(8));
  const same = dayOfMonth(months, wanted);
  return same > after ? same : dayOfMonth(months + interval, wanted);
}

const next = {
  day: (rule: Recurrence, after: string) => addDays(after, rule.interval),
  week: nextOfWeek,
  month: nextOfMonth,
};

/** The business day on which a series is due after one of its tasks; null if that was the last. */
export function nextDay(rule: Recurrence, dueOn: string, occurrence: number): string | null {
  if (rule.count !== undefined && occurrence >= rule.count) return null;
  const day = next[rule.every](rule, dueOn);
  return rule.until !== undefined && day > rule.until ? null : day;
}
