import { rawSql } from '@innkeep/platform/database';

/** A unit as clients see it, from the row `u`. */
export const unitJson =
  rawSql(`json_build_object('id', u.id, 'propertyId', u.property_id, 'name', u.name, 'unitType', u.unit_type,
  'capacity', u.capacity, 'inServiceFrom', u.in_service_from, 'inServiceUntil', u.in_service_until, 'outOfOrder', u.out_of_order)`);
