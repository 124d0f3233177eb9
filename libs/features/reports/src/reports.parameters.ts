import { z } from 'zod';

export const propertyIdParameter = z.coerce
  .number<string>()
  .int()
  .min(1)
  .max(Number.MAX_SAFE_INTEGER)
  .describe('Id of the property');
