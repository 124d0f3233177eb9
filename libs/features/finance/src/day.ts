import { type DayCount, type Principal, type PropertyFacts, businessDay, prose } from '@innkeep/contracts';
import { dayParameter, shapes } from '@innkeep/platform/http';
import { z } from 'zod';
import { refuse } from './finance.problems';
import { MAX_AMOUNT_CENTS, paymentMode } from './transaction.fields';

/** What a client gives to close a business day. */
export const closeDayInput = z.strictObject({
  propertyId: z.int().min(1),
  businessDay: dayParameter,
  counts: z
    .array(
      z.strictObject({
        paymentMode: paymentMode.nullable().describe('Null for what was recorded without one'),
        currency: z.string().regex(/^[A-Z]{3}$/, 'is three capital letters, ISO 4217'),
        countedCents: z.int().min(-MAX_AMOUNT_CENTS).max(MAX_AMOUNT_CENTS),
      }),
    )
    .max(100)
    .default([])
    .describe('What was counted of the day’s takings, without what was there before'),
  note: prose(500).optional(),
});
export type CloseDayInput = z.output<typeof closeDayInput>;

export const reopenDayInput = z.strictObject({ reason: prose(500) });

/** What the day brought by one payment mode: revenues less expenses, with the taxes that come on top. */
export type Taking = Pick<DayCount, 'paymentMode' | 'currency' | 'expectedCents'>;

/** A business day of a property that was closed at least once. */
export interface Day {
  readonly id: string;
  readonly propertyId: number;
  readonly businessDay: string;
  readonly status: 'closed' | 'reopened';
  readonly counts: readonly DayCount[];
  readonly note: string | null;
  /** How often it was closed. */
  readonly closings: number;
  readonly closedBy: number;
  readonly closedAt: string;
  readonly reopenedBy: number | null;
  readonly reopenedAt: string | null;
  readonly reopenReason: string | null;
}

/** The same as clients see it. */
export const dayAnswer = z
  .object({
    id: shapes.uuidId,
    propertyId: shapes.numericId,
    businessDay: shapes.day,
    status: z.enum(['closed', 'reopened']),
    counts: z
      .array(
        z.object({
          paymentMode: shapes.text('cash').nullable(),
          currency: shapes.currency,
          expectedCents: shapes.cents.meta({ example: 85_50 }),
          countedCents: shapes.cents.nullable().meta({ example: 85_00 }),
          differenceCents: shapes.cents.nullable().describe('Counted less expected').meta({ example: -50 }),
        }),
      )
      .readonly(),
    note: shapes.text('A guest paid in the evening').nullable(),
    closings: z.int().min(1).describe('How often it was closed').meta({ example: 1 }),
    closedBy: shapes.numericId,
    closedAt: shapes.instant,
    reopenedBy: shapes.numericId.nullable().meta({ example: null }),
    reopenedAt: shapes.instant.nullable().meta({ example: null }),
    reopenReason: shapes.text('A bill was forgotten').nullable().meta({ example: null }),
  })
  .meta({ id: 'BusinessDay' });

const countKey = ({ paymentMode: mode, currency }: { paymentMode: string | null; currency: string }) =>
  JSON.stringify([currency, mode]);

const countedTwice = (index: number) =>
  refuse(
    'payment-mode-counted-twice',
    'Add the counts of one payment mode and currency up, and send the request again.',
    [{ pointer: `/counts/${index}`, detail: 'is counted twice' }],
  );

/** What was expected beside what was counted: each payment mode that moved, and each that was counted. */
export function countsOf(takings: readonly Taking[], counted: CloseDayInput['counts']): DayCount[] {
  const all = new Map<string, DayCount>(
    takings.map((taking) => [countKey(taking), { ...taking, countedCents: null, differenceCents: null }]),
  );
  const seen = new Set<string>();
  for (const [index, { countedCents, ...of }] of counted.entries()) {
    const key = countKey(of);
    if (seen.has(key)) throw countedTwice(index);
    seen.add(key);
    const expectedCents = all.get(key)?.expectedCents ?? 0;
    all.set(key, { ...of, expectedCents, countedCents, differenceCents: countedCents - expectedCents });
  }
  return [...all.values()].sort((one, other) => (countKey(one) < countKey(other) ? -1 : 1));
}

/** Refuses a day that has not begun where the property is. */
export function assertBegun(day: string, property: PropertyFacts, now: Date): void {
  const today = businessDay(now, property.timeZone, property.businessDayStartsAt);
  if (day > today)
    throw refuse('business-day-not-begun', `It is ${today} in the property; close that day or an earlier one.`, [
      { pointer: '/businessDay', detail: `is after ${today}` },
    ]);
}

/** The day as closed, for the first time or again. */
export function closeDay(
  standing: Day | undefined,
  id: string,
  { propertyId, businessDay: day, counts, note }: CloseDayInput,
  takings: readonly Taking[],
  by: Principal,
  now: Date,
): Day {
  if (standing?.status === 'closed')
    throw refuse('business-day-closed', `${day} is closed already, see GET /v1/finance/days/${standing.id}.`);
  return {
    id: standing?.id ?? id,
    propertyId,
    businessDay: day,
    status: 'closed',
    counts: countsOf(takings, counts),
    note: note ?? null,
    closings: (standing?.closings ?? 0) + 1,
    closedBy: by.userId,
    closedAt: now.toISOString(),
    reopenedBy: null,
    reopenedAt: null,
    reopenReason: null,
  };
}

/** The day as open again. */
export function reopenDay(day: Day, reason: string, by: Principal, now: Date): Day {
  if (day.status !== 'closed')
    throw refuse('business-day-not-closed', `${day.businessDay} was reopened already and can be recorded on.`);
  return {
    ...day,
    status: 'reopened',
    reopenedBy: by.userId,
    reopenedAt: now.toISOString(),
    reopenReason: reason,
  };
}
