import { z } from 'zod';
import { defineEvent } from './define-event';

const property = z.object({
  propertyId: z.number(),
  name: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  businessDayStartsAt: z.string(),
});

/** The whole property as it is after the change, so that whoever keeps a copy need not know the rest. */
export const PropertyCreated = defineEvent('PropertyCreated', 1, property);
export const PropertyUpdated = defineEvent('PropertyUpdated', 1, property);
