import { z } from 'zod';
import { defineEvent } from './define-event';

/**
 * The key of a person was destroyed: nothing that was sealed for them can be read any more. Read models that hold personal text
 * erase theirs when they fold it, so that they are what a replay of the log makes of it from now on.
 */
export const SubjectErased = defineEvent('SubjectErased', 1, z.object({ kind: z.string(), id: z.string() }));
