import { z } from 'zod';
import { defineEvent } from './define-event';

/** Whether anybody gets into the organization from here on, and who decided it. Reasons are kept beside, not in the log. */
export const OrganizationStatusChanged = defineEvent(
  'OrganizationStatusChanged',
  1,
  z.object({
    status: z.enum(['active', 'suspended', 'closed']),
    by: z.enum(['owner', 'operator']),
  }),
);
