import { z } from 'zod';
import { defineEvent } from './define-event';

/** Days on which a unit cannot be sold, both included. */
export const outOfOrderPeriod = z.object({ from: z.string(), to: z.string(), reason: z.string().nullable() });
export type OutOfOrderPeriod = z.infer<typeof outOfOrderPeriod>;

/**
 * A unit as it is after the event: a room, an apartment, a bed, whatever of a property is given to one party. It counts on the business
 * days from `inServiceFrom` up to and including `inServiceUntil` (null: for good) on which it is not out of order. The periods are in
 * order and do not meet.
 */
export const unitSnapshot = z.object({
  unitId: z.string(),
  propertyId: z.number(),
  name: z.string(),
  unitType: z.string(),
  /** How many people it holds. */
  capacity: z.number().int(),
  inServiceFrom: z.string(),
  inServiceUntil: z.string().nullable(),
  outOfOrder: z.array(outOfOrderPeriod),
});
export type UnitSnapshot = z.infer<typeof unitSnapshot>;

export const UnitAdded = defineEvent('UnitAdded', 1, unitSnapshot);
/** Also when it is put out of order or out of service. */
export const UnitChanged = defineEvent('UnitChanged', 1, unitSnapshot);
