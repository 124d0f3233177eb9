import type { Principal } from '@innkeep/contracts';
import { forbidden } from '@innkeep/platform/http';

/** An export holds everything, whoever of the organization may see what of it. */
export function assertMayExport(principal: Principal): void {
  if (principal.role !== 'owner') throw forbidden('Only owners take the organization’s data along.');
}
