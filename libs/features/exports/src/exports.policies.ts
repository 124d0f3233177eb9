import { type Principal, maySeeProperty } from '@innkeep/contracts';
import { forbidden, notFound } from '@innkeep/platform/http';

/** An export holds everything, whoever of the organization may see what of it. */
export function assertMayExport(principal: Principal): void {
  if (principal.role !== 'owner') throw forbidden('Only owners take the organization’s data along.');
}

/** Reports leave the house as files with those who answer for them, and with those who check them. */
export function assertMayExportReports({ role }: Principal): void {
  if (role === 'staff') throw forbidden('Only owners, managers and auditors have reports as files.');
}

/** A property that somebody does not see is absent to them. */
export function assertSeesProperty(principal: Principal, propertyId: number): void {
  if (!maySeeProperty(principal, propertyId)) throw notFound('property');
}
