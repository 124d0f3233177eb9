import type { Principal } from '@innkeep/contracts';
import { forbidden } from '@innkeep/platform/http';

/** What everybody did is for those to see who answer for it, and for those who check them. */
export function assertMayReadAuditLog({ role }: Principal): void {
  if (role !== 'owner' && role !== 'auditor') throw forbidden('Only owners and auditors read the audit log.');
}

/** Whether personal fields are shown to them. Auditors see that there is something, not what. */
export const mayReadPersonalFields = ({ role }: Principal): boolean => role === 'owner';
