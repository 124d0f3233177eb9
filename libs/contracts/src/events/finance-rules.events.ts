import { z } from 'zod';
import { defineEvent } from './define-event';
import { approvalTimeout } from './finance.events';

const kind = z.enum(['expense', 'revenue']);

/** A category of the organization. An archived one is kept for what it was used for, and takes nothing new. */
export const categorySnapshot = z.object({ categoryId: z.string(), kind, name: z.string(), isArchived: z.boolean() });
export type CategorySnapshot = z.infer<typeof categorySnapshot>;

export const CategoryAdded = defineEvent('CategoryAdded', 1, categorySnapshot);
export const CategoryChanged = defineEvent('CategoryChanged', 1, categorySnapshot);

/** A rate of tax from a business day on. What it does not name it is for all of: properties, kinds, categories. */
export const taxSnapshot = z.object({
  taxId: z.string(),
  name: z.string(),
  propertyId: z.number().nullable(),
  kind: kind.nullable(),
  category: z.string().nullable(),
  rateBasisPoints: z.number().int(),
  isInclusive: z.boolean(),
  effectiveFrom: z.string(),
});
export type TaxSnapshot = z.infer<typeof taxSnapshot>;

export const TaxAdded = defineEvent('TaxAdded', 1, taxSnapshot);
export const TaxRemoved = defineEvent('TaxRemoved', 1, taxSnapshot);

/** Who has to approve transactions of a range of amounts, in which order. What it does not name it is for all of. */
export const approvalRuleSnapshot = z.object({
  ruleId: z.string(),
  propertyId: z.number().nullable(),
  kind: kind.nullable(),
  currency: z.string(),
  fromCents: z.number().int(),
  toCents: z.number().int().nullable(),
  roles: z.array(z.enum(['manager', 'owner'])),
  forbidsOwn: z.boolean(),
  timeout: approvalTimeout.nullable(),
});
export type ApprovalRuleSnapshot = z.infer<typeof approvalRuleSnapshot>;

export const ApprovalRuleAdded = defineEvent('ApprovalRuleAdded', 1, approvalRuleSnapshot);
export const ApprovalRuleRemoved = defineEvent('ApprovalRuleRemoved', 1, approvalRuleSnapshot);
