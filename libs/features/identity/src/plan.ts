import type { Quotas } from '@innkeep/contracts';
import { z } from 'zod';

export const planNames = ['free', 'standard', 'business', 'enterprise'] as const;
export type PlanName = (typeof planNames)[number];
export const planName = z.enum(planNames).meta({ example: 'standard' });

const GIGABYTE = 1_000_000_000;

/** What an organization on a plan may have. An organization is on `standard` from the start. */
export const plans: Readonly<Record<PlanName, Quotas>> = {
  free: { properties: 3, users: 5, storageBytes: GIGABYTE, requestsPerMinute: 600 },
  standard: { properties: 100, users: 200, storageBytes: 50 * GIGABYTE, requestsPerMinute: 6_000 },
  business: { properties: 1_000, users: 2_000, storageBytes: 1_000 * GIGABYTE, requestsPerMinute: 30_000 },
  enterprise: { properties: null, users: null, storageBytes: null, requestsPerMinute: null },
};
