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

/** Somebody asked for everything of the organization as files. */
export const OrganizationExportRequested = defineEvent(
  'OrganizationExportRequested',
  1,
  z.object({ exportId: z.uuid() }),
);

/** Somebody got a link to the file of an export: one for each link. */
export const OrganizationExportLinkIssued = defineEvent(
  'OrganizationExportLinkIssued',
  1,
  z.object({ exportId: z.uuid(), expiresAt: z.iso.datetime() }),
);

/** Which plan the organization is on from here on; operators decide it. Reasons are kept beside, not in the log. */
export const PlanChanged = defineEvent('PlanChanged', 1, z.object({ plan: z.string(), previousPlan: z.string() }));
