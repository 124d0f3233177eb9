import { z } from 'zod';
import { defineEvent } from './define-event';

/** What a business day brought by one payment mode in one currency, and what was counted of it. */
export const dayCount = z.object({
  paymentMode: z.string().nullable(),
  currency: z.string(),
  expectedCents: z.number().int(),
  countedCents: z.number().int().nullable(),
  differenceCents: z.number().int().nullable(),
});
export type DayCount = z.infer<typeof dayCount>;

const day = z.object({ dayId: z.string(), propertyId: z.number(), businessDay: z.string() });

/** Nothing may be recorded on the day any more, until it is reopened. */
export const BusinessDayClosed = defineEvent(
  'BusinessDayClosed',
  1,
  day.extend({ counts: z.array(dayCount), note: z.string().nullable() }),
);
export const BusinessDayReopened = defineEvent('BusinessDayReopened', 1, day.extend({ reason: z.string() }));
