import { analytics } from '@innkeep/features/analytics';
import { auditing } from '@innkeep/features/audit';
import { branding } from '@innkeep/features/branding';
import { documents } from '@innkeep/features/documents';
import { exporting } from '@innkeep/features/exports';
import { finance } from '@innkeep/features/finance';
import { guests } from '@innkeep/features/guests';
import { identity } from '@innkeep/features/identity';
import { operations } from '@innkeep/features/operations';
import { properties } from '@innkeep/features/properties';
import { reports } from '@innkeep/features/reports';
import { tasks } from '@innkeep/features/tasks';
import { staff } from '@innkeep/features/staff';
import type { Feature } from '@innkeep/platform/feature';

/** What the product can do. Adding a capability is adding a folder, and a line here. */
export const features: readonly Feature[] = [
  identity,
  properties,
  finance,
  guests,
  reports,
  operations,
  exporting,
  auditing,
  analytics,
  tasks,
  branding,
  staff,
  documents,
];
