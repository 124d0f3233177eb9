import { z } from 'zod';
import { defineEvent } from './define-event';

/**
 * Somebody asked for what is kept under these tags to be forgotten, in memory and at the edge. It says who did and why, and the purge
 * follows from it like that of any other change.
 */
export const PurgeRequested = defineEvent(
  'PurgeRequested',
  1,
  z.object({
    tags: z.array(z.string()),
    by: z.enum(['owner', 'operator']),
    /** The operator, where it was one. */
    operatorId: z.number().optional(),
    reason: z.string().optional(),
  }),
);
