import fc from 'fast-check';
import { PROPERTIES, type Step, categories, currencies, dayStarts, days, deeds, timeZones } from './history';

/** Somebody writes in one transaction, or a batch is folded: cut after `limit` events, and perhaps thrown away just before its commit. */
export type Act =
  | { readonly kind: 'write'; readonly organization: number; readonly steps: readonly Step[] }
  | { readonly kind: 'fold'; readonly limit: number; readonly isThrownAway: boolean };

const step: fc.Arbitrary<Step> = fc.record({
  deed: fc.constantFrom(...deeds, 'record' as const, 'record' as const, 'approve' as const, 'approve' as const),
  which: fc.nat(999),
  property: fc.nat(PROPERTIES - 1),
  kind: fc.constantFrom('expense' as const, 'revenue' as const),
  amountCents: fc.integer({ min: 1, max: 1_000_000_000_000 }),
  day: fc.constantFrom(...days),
  category: fc.constantFrom(...categories),
  currency: fc.constantFrom(...currencies),
  timeZone: fc.constantFrom(...timeZones),
  dayStartsAt: fc.constantFrom(...dayStarts),
});
/** How many organizations a history is about. */
export const ORGANIZATIONS = 3;
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      organization: fc.nat(ORGANIZATIONS - 1),
      steps: fc.array(step, { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fold' as const),
      limit: fc.integer({ min: 1, max: 15 }),
      isThrownAway: fc.boolean(),
    }),
  },
);
/** What happens, in this order. */
export const acts = fc.array(act, { minLength: 1, maxLength: 40, size: 'max' });
/** When somebody looks. */
export const instant = fc.date({
  min: new Date('2026-02-26T00:00:00Z'),
  max: new Date('2026-04-02T00:00:00Z'),
  noInvalidDate: true,
});
